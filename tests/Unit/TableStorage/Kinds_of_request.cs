using Atomic.TableStorage.Requests;
using Azure.Core;
using Xunit;

namespace Atomic.Unit.TableStorage;

public sealed class Kinds_of_request
{
    [Theory]
    [InlineData("POST", "devstoreaccount1/$batch", RequestKind.EntityGroupTransaction)]
    [InlineData("POST", "Tables", RequestKind.CreateTable)]
    [InlineData("GET", "Tables", RequestKind.Other)]
    [InlineData("GET", "devstoreaccount1/orders()", RequestKind.Query)]
    [InlineData("GET", "devstoreaccount1/orders(PartitionKey='e9%21o',RowKey='H')", RequestKind.PointGet)]
    [InlineData("POST", "devstoreaccount1/orders", RequestKind.Insert)]
    [InlineData("PUT", "orders(PartitionKey='p',RowKey='r')", RequestKind.Update)]
    [InlineData("PATCH", "orders(PartitionKey='p',RowKey='r')", RequestKind.Update)]
    [InlineData("DELETE", "orders(PartitionKey='p',RowKey='r')", RequestKind.Other)]
    public void Are_told_by_method_and_address(string method, string path, RequestKind expected) =>
        Assert.Equal(expected, RequestCounter.KindOf(new RequestMethod(method), path));
}

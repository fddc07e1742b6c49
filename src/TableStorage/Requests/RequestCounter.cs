using Azure.Core;
using Azure.Core.Pipeline;

namespace Atomic.TableStorage.Requests;

/// <summary>Stands in the HTTP pipeline below the retries, and counts what really goes out.</summary>
internal sealed class RequestCounter : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var kind = KindOf(message.Request.Method, message.Request.Uri.Path);
        RequestCount.Add(kind);
        RequestMetrics.Add(kind);
    }

    internal static RequestKind KindOf(RequestMethod method, string path)
    {
        var resource = path.AsSpan(path.LastIndexOf('/') + 1);
        if (resource.SequenceEqual("$batch")) return RequestKind.EntityGroupTransaction;
        if (resource.SequenceEqual("Tables")) return method == RequestMethod.Post ? RequestKind.CreateTable : RequestKind.Other;
        if (method == RequestMethod.Get) return resource.EndsWith("()") ? RequestKind.Query : RequestKind.PointGet;
        if (method == RequestMethod.Post) return RequestKind.Insert;
        return method == RequestMethod.Put || method == RequestMethod.Patch ? RequestKind.Update : RequestKind.Other;
    }
}

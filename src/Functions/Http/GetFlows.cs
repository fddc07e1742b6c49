using Atomic.Functions.Bus;
using Atomic.Functions.Flows;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Http;

/// <summary>Who sends what to whom: as declared, and as this process has seen it.</summary>
public sealed class GetFlowsFunction(FlowMap map, FlowCounts counts)
{
    [Function(nameof(GetFlows))]
    public IResult GetFlows([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/flows")] HttpRequest request) => Endpoint.Json(new
    {
        messages = map.Messages,
        flows = map.Flows(),
        observed = new { by = "this process", since = counts.Since },
    });
}

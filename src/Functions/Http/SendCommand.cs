using System.Diagnostics;
using Atomic.EventSourcing;
using Atomic.Functions.Personal;
using Atomic.Messaging;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Http;

public sealed class SendCommandFunction(ICommandBus bus, PersonalData personal, Func<Guid> newId)
{
    [Function(nameof(SendCommand))]
    public Task<IResult> SendCommand(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/commands/{context}/{command}")] HttpRequest request,
        string context,
        string command,
        CancellationToken cancellation) => Endpoint.AnswerAsync(async () =>
    {
        var type = CommandCatalog.Find(context, command) ?? throw ProblemException.NotFound(
            $"The command '{context}/{command}' (there are: {string.Join(", ", CommandCatalog.All.Select(c => $"{c.Context}/{c.Route}"))})");
        var (stream, sent) = type.Read(await Endpoint.ReadBodyAsync(request, cancellation));
        var data = await personal.SealAsync(sent, cancellation);
        var id = newId().ToString("N");
        await bus.SendAsync(context, new CommandMessage(id, type.Name, new EventContext(id, id, Activity.Current?.Id), data), cancellation);
        return Endpoint.Json(new { commandId = id, token = new CommandToken(stream, id).ToString() }, StatusCodes.Status202Accepted);
    });
}

using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions;
using Atomic.Functions.Bus;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Participants;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.Messaging;
using Atomic.TableStorage;
using Atomic.Testing;
using Atomic.Testing.Azurite;
using Atomic.Testing.Hosting;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>The real host in this process, on Azurite, with store, participants and a bus that can be told what goes wrong and a clock that can leap.</summary>
internal sealed class CoordinatedHost : IAsyncDisposable
{
    private static readonly EventContext Seeding = new("seed", "seed");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private IServiceProvider? _services;
    private InProcessHost? _host;

    public LeapingTime Time { get; } = new();

    public ScriptedEventStore Store => (ScriptedEventStore)_services!.GetRequiredService<IEventStore>();

    public ScriptedParticipants Participants { get; } = new();

    public ScriptedBus Bus { get; } = new();

    public HttpClient Client => _host!.Client;

    public InProcessHost Host => _host!;

    /// <param name="definitions">Instead of the shipped ones.</param>
    /// <param name="dataFolder">Where an earlier host left its files.</param>
    /// <param name="handler">Through which requests to storage go.</param>
    /// <param name="register">More of the app, or other parts.</param>
    /// <param name="without">A function class that is not to run.</param>
    public static async Task<CoordinatedHost> StartAsync(
        AzuriteFixture azurite, IReadOnlyList<TransactionType>? definitions = null, string? dataFolder = null, HttpMessageHandler? handler = null,
        Action<IServiceCollection>? register = null, Type? without = null)
    {
        var (host, storage) = (new CoordinatedHost(), await azurite.ConnectionStringAsync());
        host._host = await InProcessHost.StartAsync(
            typeof(FunctionApp).Assembly.GetExportedTypes().Where(type => type != without), HostSettings.Parse(Repository.Read("host.json")),
            AppSettings.Parse(AppSettings.Sample, Repository.Read(AppSettings.Sample)), Repository.PathOf("infra/service-bus.json"),
            services =>
            {
                services.AddTableStorage(storage, configure: options => options.Handler = handler).AddAtomic();
                var store = services.Last(service => service.ServiceType == typeof(IEventStore)).ImplementationFactory!;
                services.AddSingleton<IEventStore>(provider =>
                {
                    host._services = provider;
                    return new ScriptedEventStore((IEventStore)store(provider));
                });
                if (definitions is not null) services.AddSingleton<IEnumerable<TransactionType>>(definitions);
                host.Participants.AddTo(services);
                host.Bus.AddTo(services);
                register?.Invoke(services);
            },
            clock: host.Time, dataFolder: dataFolder);
        // The store is made for whoever first asks for it.
        using var nothing = await host.Client.GetAsync(new Uri("/api/transactions/none", UriKind.Relative));
        return host;
    }

    public TService Get<TService>() where TService : notnull => _services!.GetRequiredService<TService>();

    /// <summary>The id of a transaction that is started with this key.</summary>
    public static string IdOf(string definition, string key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{definition}\n{key}")))[..32];

    /// <summary>Carries a command out as it would be from its queue, before anything goes wrong.</summary>
    public async Task SeedAsync(string context, object command)
    {
        var type = command.GetType();
        var message = new CommandMessage(Guid.NewGuid().ToString("N"), type.Name, Seeding, JsonSerializer.SerializeToElement(command, type, StorageJson.Options));
        var answer = await _services!.GetRequiredService<ParticipantDirectory>()[context].HandleAsync(message, CancellationToken.None);
        if (!answer.Accepted) throw new InvalidOperationException($"{type.Name}: {answer.Reason}");
    }

    public async Task<TransactionView> StartAsync(string definition, string coupling, object input, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/transactions/{definition}?coordination={coupling}");
        request.Content = new StringContent(JsonSerializer.Serialize(input, input.GetType(), StorageJson.Options), Encoding.UTF8, "application/json");
        request.Headers.Add("Idempotency-Key", key);
        using var response = await Client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<TransactionView>(body, StorageJson.Options)!
            : throw new InvalidOperationException($"{definition}: {(int)response.StatusCode} {body}");
    }

    public Task<TransactionView> FindAsync(string id) => GetAsync<TransactionView>($"/api/transactions/{id}");

    public async Task<TAnswer> GetAsync<TAnswer>(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<TAnswer>(body, StorageJson.Options)!
            : throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {body}");
    }

    public async Task<TransactionView> UntilAsync(string id, Func<TransactionView, bool> expected)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var found = await FindAsync(id);
            if (expected(found)) return found;
            if (limit.IsCancellationRequested) throw new TimeoutException($"It has not become as expected: {JsonSerializer.Serialize(found, StorageJson.Options)}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>Waits until a list has the transaction.</summary>
    public async Task UntilListedAsync(string path, string id)
    {
        using var limit = new CancellationTokenSource(Patience);
        while ((await GetAsync<Page<TransactionView>>(path)).Items.All(found => found.Id != id)) await Task.Delay(Pause, TimeProvider.System, limit.Token);
    }

    /// <summary>Waits until only time can bring anything to the participant, so that a leap overtakes nothing that is under way.</summary>
    public async Task SettledAsync(string participant)
    {
        await Host.UntilEmptyAsync("events", $"{participant}-steps");
        await UntilAsync(async () => !await HasMoreThanScheduledAsync(new BusEntity($"{participant}-commands", null)), $"{participant} has settled");
    }

    /// <summary>Waits until only time can bring anything to anyone.</summary>
    public Task SettledAsync() => UntilAsync(
        async () =>
        {
            foreach (var entity in BusTopology.Declared.Entities)
                if (await HasMoreThanScheduledAsync(entity)) return false;
            return true;
        },
        "All has settled");

    public async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, object body)
    {
        using var response = await Client.PostAsJsonAsync(path, body);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task AcceptedAsync(string path, object body)
    {
        var (status, answer) = await PostAsync(path, body);
        if (status != HttpStatusCode.Accepted) throw new InvalidOperationException($"{path}: {(int)status} {answer}");
    }

    /// <summary>The problem (RFC 9457) that the request is answered with.</summary>
    public async Task<JsonElement> ProblemAsync(HttpStatusCode expected, string path, object body)
    {
        using var response = await Client.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != expected) throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        Assert.All(["type", "title", "detail", "traceId"], field => Assert.True(problem.TryGetProperty(field, out _), $"{path} has no {field}: {text}"));
        return problem;
    }

    /// <summary>The dead letters of all queues and subscriptions, as they are listed.</summary>
    public async Task<IReadOnlyList<string>> DeadLettersAsync()
    {
        var list = JsonSerializer.Deserialize<JsonElement>(await Client.GetStringAsync(new Uri("/api/dead-letters", UriKind.Relative)));
        return [.. list.GetProperty("items").EnumerateArray().Select(item => item.ToString())];
    }

    private async Task<bool> HasMoreThanScheduledAsync(BusEntity entity)
    {
        await using var receiver = entity.Subscription is null ? Host.Bus.CreateReceiver(entity.Name) : Host.Bus.CreateReceiver(entity.Name, entity.Subscription);
        for (var from = 0L; ;)
        {
            var messages = await receiver.PeekMessagesAsync(100, from);
            if (messages.Count == 0) return false;
            if (messages.Any(message => message.State != ServiceBusMessageState.Scheduled)) return true;
            from = messages[^1].SequenceNumber + 1;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSoAsync, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await isSoAsync())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException($"{what}: not within {Patience.TotalSeconds} s.");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? ValueTask.CompletedTask;
}

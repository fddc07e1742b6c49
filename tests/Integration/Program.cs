using Atomic.Integration.ServiceBus;

// What a test kills must be a process of its own: the test assembly starts itself again, and does what it is told here.
return args switch
{
    [nameof(Endless_sending), var file] => await Endless_sending.RunAsync(file),
    _ => 1,
};

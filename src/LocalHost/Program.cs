using Atomic.LocalHost.CommandLine;

var command = HostCommand.Create(arguments => new HostRun(arguments, Console.Out, Console.Error, TimeProvider.System).RunAsync());
return await HostCommand.InvokeAsync(command, args, Console.Out, Console.Error);

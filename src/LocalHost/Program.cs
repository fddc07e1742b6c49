using Atomic.LocalHost.CommandLine;

var command = HostCommand.Create(
    arguments => new HostRun(arguments, Console.Out, Console.Error, TimeProvider.System).RunAsync(),
    (arguments, cancellation) => new VerifyRun(arguments, Console.Out, Console.Error, TimeProvider.System).RunAsync(cancellation));
return await HostCommand.InvokeAsync(command, args, Console.Out, Console.Error);

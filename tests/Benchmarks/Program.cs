using Atomic.Benchmarks.TableStorage;

var benchmarks = new Dictionary<string, Func<TextWriter, Task>> { ["storage"] = StorageRates.RunAsync };
if (args.Length == 1 && benchmarks.TryGetValue(args[0], out var run))
{
    await run(Console.Out);
    return 0;
}

Console.Error.WriteLine($"Say which to run: {string.Join(", ", benchmarks.Keys)}.");
return 1;

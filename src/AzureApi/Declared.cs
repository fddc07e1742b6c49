namespace Atomic.AzureApi;

internal static class Declared
{
    internal static NotSupportedException Only([System.Runtime.CompilerServices.CallerMemberName] string member = "") => new($"{member} is declared here and implemented by the host.");
}

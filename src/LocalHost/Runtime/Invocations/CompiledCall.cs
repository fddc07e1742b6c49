using System.Linq.Expressions;
using System.Reflection;

namespace Atomic.LocalHost.Runtime.Invocations;

/// <summary>A call of a method as a delegate, so that nothing is reflected over once it is running.</summary>
internal sealed class CompiledCall
{
    private static readonly MethodInfo FromTask = Conversion(nameof(OfTaskAsync));
    private static readonly MethodInfo FromTaskWithResult = Conversion(nameof(OfTaskWithResultAsync));

    private readonly Func<object?, Invocation, Task<object?>> _call;

    private CompiledCall(Func<object?, Invocation, Task<object?>> call) => _call = call;

    public static CompiledCall Of(MethodInfo method, IReadOnlyList<ParameterBinding> parameters)
    {
        var instance = Expression.Parameter(typeof(object));
        var invocation = Expression.Parameter(typeof(Invocation));
        var arguments = method.GetParameters().Zip(parameters, (parameter, binding) =>
            Expression.Convert(Expression.Invoke(Expression.Constant(binding), invocation), parameter.ParameterType));
        var call = method.IsStatic
            ? Expression.Call(method, arguments)
            : Expression.Call(Expression.Convert(instance, method.DeclaringType!), method, arguments);
        var body = AsTask(call, method.ReturnType);
        return new CompiledCall(Expression.Lambda<Func<object?, Invocation, Task<object?>>>(body, instance, invocation).Compile());
    }

    public Task<object?> Invoke(object? instance, Invocation invocation) => _call(instance, invocation);

    /// <summary>What a method of this type gives once it has ended; <c>void</c> for nothing.</summary>
    public static Type ResultOf(Type returned)
    {
        if (returned == typeof(Task) || returned == typeof(ValueTask)) return typeof(void);
        return returned.IsGenericType && returned.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>))
            ? returned.GetGenericArguments()[0]
            : returned;
    }

    private static Expression AsTask(MethodCallExpression call, Type returned)
    {
        var nothing = Expression.Constant(Task.FromResult<object?>(null));
        var result = ResultOf(returned);
        if (returned == typeof(void)) return Expression.Block(call, nothing);
        if (result == returned) return Expression.Call(typeof(Task), nameof(Task.FromResult), [typeof(object)], Expression.Convert(call, typeof(object)));

        Expression task = returned.IsValueType ? Expression.Call(call, nameof(ValueTask.AsTask), null) : call;
        return result == typeof(void)
            ? Expression.Call(FromTask, task)
            : Expression.Call(FromTaskWithResult.MakeGenericMethod(result), task);
    }

    private static async Task<object?> OfTaskAsync(Task task)
    {
        await task;
        return null;
    }

    private static async Task<object?> OfTaskWithResultAsync<TResult>(Task<TResult> task) => await task;

    private static MethodInfo Conversion(string name) => typeof(CompiledCall).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
}

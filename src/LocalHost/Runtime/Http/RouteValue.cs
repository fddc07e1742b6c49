using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Atomic.LocalHost.Runtime.Http;

/// <summary>A part of the path as the parameter of a function.</summary>
internal static class RouteValue
{
    private static readonly MethodInfo Parser = typeof(RouteValue).GetMethod(nameof(ParserOf), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The value as the client meant it: decoded, an encoded slash too, which the server leaves as it came.</summary>
    public static string? Of(HttpContext context, string name)
    {
        var value = context.GetRouteValue(name)?.ToString();
        if (value?.Contains("%2F", StringComparison.OrdinalIgnoreCase) != true) return value;

        // The value of a whole segment is found by its segment, since %252F and %2F look the same by now.
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        return path.Split('/').Where(segment => AsTheServerDecodes(segment) == value).Select(Uri.UnescapeDataString).FirstOrDefault()
            ?? value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>How a parameter's value is made from text; null when its type has no text.</summary>
    public static Func<string?, object?>? ConverterTo(ParameterInfo parameter, bool isOptional)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (isOptional && parameter.ParameterType.IsValueType && type == parameter.ParameterType && !parameter.HasDefaultValue) return null;
        var otherwise = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        if (type == typeof(string)) return text => text ?? otherwise;
        var parses = type.GetInterfaces().Any(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IParsable<>));
        if (!parses) return null;

        var parse = (Func<string, object?>)Parser.MakeGenericMethod(type).Invoke(null, null)!;
        return text => text is null ? otherwise : parse(text)
            ?? throw new BadHttpRequestException($"'{text}' in the path is no {type.Name}, which {parameter.Name} must be.");
    }

    private static Func<string, object?> ParserOf<TValue>() where TValue : IParsable<TValue> =>
        text => TValue.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string AsTheServerDecodes(string segment) =>
        Uri.UnescapeDataString(segment.Replace("%2F", "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal));
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Atomic.Functions.Access;

/// <summary>Who calls, and what they may do.</summary>
/// <param name="Name">As it is written into the audit.</param>
/// <param name="IsKnown">Whether <paramref name="Name"/> is a person's or app's own; a key, or a machine, has no name to give.</param>
public sealed record Caller(string Name, bool IsKnown, bool IsReader, bool IsOperator, bool ReadsPayloads)
{
    public const string ReaderRole = "reader";
    public const string OperatorRole = "operator";
    public const string PayloadRole = "Payload.Read";

    private const string Header = "X-MS-CLIENT-PRINCIPAL";

    private static readonly JsonSerializerOptions Format = new() { PropertyNameCaseInsensitive = true };

    // In the order of what says most to a reader of the audit.
    private static readonly string[] Names = ["preferred_username", "upn", "name", "appid", "azp", "oid"];

    /// <summary>Whoever holds a key, or sits at the machine: everything.</summary>
    public static Caller Unnamed(string name) => new(name, IsKnown: false, IsReader: true, IsOperator: true, ReadsPayloads: true);

    /// <summary>Who App Service says it is; null when it says nobody, or nothing that can be read.</summary>
    public static Caller? SaidByAppService(HttpRequest request)
    {
        if (Decode(request.Headers[Header].ToString()) is not { Claims: { } said } principal) return null;
        var claims = said.OfType<Claim>().ToList();
        var roles = claims.Where(claim => claim.Typ == "roles" || (principal.RoleType is { } type && claim.Typ == type)).Select(claim => claim.Val).ToHashSet();
        var name = Names.Prepend(principal.NameType).Select(type => claims.FirstOrDefault(claim => claim.Typ == type)?.Val).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        var isOperator = roles.Contains(OperatorRole);
        return name is null ? null : new Caller(name, IsKnown: true, isOperator || roles.Contains(ReaderRole), isOperator, roles.Contains(PayloadRole));
    }

    /// <summary>The caller of a request that was let in.</summary>
    /// <exception cref="InvalidOperationException">Nobody was asked who it is.</exception>
    public static Caller Of(HttpRequest request) => request.HttpContext.Features.Get<Caller>()
        ?? throw new InvalidOperationException($"{request.Path} was called past its authorization.");

    public bool Has(Role role) => role switch
    {
        Role.Anyone => true,
        Role.Reader => IsReader,
        Role.Operator => IsOperator,
        _ => false,
    };

    /// <summary>Who acts: whoever App Service says, and only where nobody is known, who the request says.</summary>
    public string ActsAs(string? given, string otherwise) => IsKnown ? Name : given ?? otherwise;

    private static Principal? Decode(string header)
    {
        var bytes = new byte[header.Length];
        if (header.Length == 0 || !Convert.TryFromBase64String(header, bytes, out var length)) return null;
        try
        {
            return JsonSerializer.Deserialize<Principal>(bytes.AsSpan(0, length), Format);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Principal(
        [property: JsonPropertyName("name_typ")] string? NameType,
        [property: JsonPropertyName("role_typ")] string? RoleType,
        IReadOnlyList<Claim?>? Claims);

    private sealed record Claim(string? Typ, string? Val);
}

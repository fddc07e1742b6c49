using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Atomic.Functions.Http;

/// <summary>
/// How large a transaction's input may be. It travels with every fact that is stated, with the record of an orchestrated transaction, and
/// beside a corrected one of the same size; and a message of the broker holds 256 KiB.
/// </summary>
internal static class InputSize
{
    /// <summary>In bytes of the JSON, in UTF-8, with the texts about a person sealed.</summary>
    public const int Largest = 120 * 1024;

    /// <exception cref="ProblemException">413: it is too large.</exception>
    public static JsonElement Checked(JsonElement input)
    {
        var size = JsonMarshal.GetRawUtf8Value(input).Length;
        return size <= Largest
            ? input
            : throw new ProblemException(
                StatusCodes.Status413PayloadTooLarge, "The input is too large.", $"As it is stored, an input may have at most {Largest} bytes, and this one has {size}.");
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;

namespace Atomic.TableStorage.Export;

/// <summary>A row as a line of text, and back. Each value says its type, which JSON would lose.</summary>
internal static class RowLine
{
    private static readonly string[] OfTheService = ["odata.etag", "Timestamp", "PartitionKey", "RowKey"];

    public static void Write(Utf8JsonWriter writer, TableEntity row)
    {
        writer.WriteStartObject();
        writer.WriteString("partition", row.PartitionKey);
        writer.WriteString("row", row.RowKey);
        writer.WriteStartObject("values");
        foreach (var (name, value) in row.Where(property => !OfTheService.Contains(property.Key) && property.Value is not null).OrderBy(property => property.Key, StringComparer.Ordinal))
        {
            var (type, text) = Text(name, value);
            writer.WriteStartArray(name);
            writer.WriteStringValue(type);
            writer.WriteStringValue(text);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The line of a row: two rows that have the same line are the same, but for when they were written.</summary>
    public static string Of(TableEntity row)
    {
        using var line = new MemoryStream();
        using (var writer = new Utf8JsonWriter(line)) Write(writer, row);
        return Encoding.UTF8.GetString(line.ToArray());
    }

    /// <exception cref="FormatException">The line is not one that <see cref="Write"/> wrote.</exception>
    public static TableEntity Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var row = new TableEntity(document.RootElement.GetProperty("partition").GetString(), document.RootElement.GetProperty("row").GetString());
        foreach (var value in document.RootElement.GetProperty("values").EnumerateObject())
            row[value.Name] = Value(value.Value[0].GetString()!, value.Value[1].GetString()!);
        return row;
    }

    private static (string Type, string Text) Text(string name, object value) => value switch
    {
        string text => ("String", text),
        byte[] bytes => ("Binary", Convert.ToBase64String(bytes)),
        bool flag => ("Boolean", flag ? "true" : "false"),
        int number => ("Int32", number.ToString(CultureInfo.InvariantCulture)),
        long number => ("Int64", number.ToString(CultureInfo.InvariantCulture)),
        double number => ("Double", number.ToString("R", CultureInfo.InvariantCulture)),
        DateTimeOffset time => ("DateTime", time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
        Guid id => ("Guid", id.ToString()),
        _ => throw new FormatException($"{name} is of the type {value.GetType()}, which Table Storage does not have."),
    };

    private static object Value(string type, string text) => type switch
    {
        "String" => text,
        "Binary" => Convert.FromBase64String(text),
        "Boolean" => bool.Parse(text),
        "Int32" => int.Parse(text, CultureInfo.InvariantCulture),
        "Int64" => long.Parse(text, CultureInfo.InvariantCulture),
        "Double" => double.Parse(text, CultureInfo.InvariantCulture),
        "DateTime" => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        "Guid" => Guid.Parse(text),
        _ => throw new FormatException($"Table Storage does not have the type {type}."),
    };
}

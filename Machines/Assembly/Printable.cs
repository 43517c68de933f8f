namespace Trapline.Machines.Assembly;

/// <summary>Quotes input in messages: short, and without characters that would act on a terminal.</summary>
internal static class Printable
{
    private const int MaxLength = 40;

    public static string Quote(string text)
    {
        var shown = text.Length > MaxLength ? text[..MaxLength] + "..." : text;
        return $"'{string.Concat(shown.Select(Show))}'";
    }

    public static string Quote(char c) => Quote(c.ToString());

    private static string Show(char c) => c is < ' ' or > '~' ? $"\\u{(int)c:X4}" : c.ToString();
}

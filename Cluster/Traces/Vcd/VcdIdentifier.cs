namespace Trapline.Cluster.Traces.Vcd;

/// <summary>Names of variables: codes of printable characters for the changes (IEEE 1364-2001, 18.2.1), and names that every viewer takes.</summary>
internal static class VcdIdentifier
{
    private const char First = '!';
    private const int Characters = '~' - First + 1;

    /// <summary>The shortest code that no smaller number has.</summary>
    public static string Code(int number)
    {
        Span<char> code = stackalloc char[8];
        var length = 0;
        do
        {
            code[length++] = (char)(First + (number % Characters));
            number = (number / Characters) - 1;
        }
        while (number >= 0);
        return new string(code[..length]);
    }

    /// <summary>A simple identifier of Verilog: letters, digits and underscores, no digit first.</summary>
    public static string Simple(string name)
    {
        var simple = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        return simple.Length == 0 || char.IsAsciiDigit(simple[0]) ? $"_{simple}" : simple;
    }
}

using System.Text;

namespace Trapline.Host.Rendering;

/// <summary>Where results and everything else go.</summary>
internal sealed class HostConsole(TextWriter output, TextWriter error, Terminal outputTerminal, Terminal errorTerminal)
{
    private const int OutputBuffer = 32 * 1024;

    /// <summary>Results. Buffered: <see cref="TextWriter.Flush"/> it at the end.</summary>
    public TextWriter Output { get; } = output;

    /// <summary>Progress, warnings, errors.</summary>
    public TextWriter Error { get; } = error;

    public Terminal OutputTerminal { get; } = outputTerminal;

    public Terminal ErrorTerminal { get; } = errorTerminal;

    /// <summary>stdout and stderr of this process, UTF-8 and line feeds wherever it runs.</summary>
    public static HostConsole OpenSystem()
    {
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var output = new StreamWriter(Console.OpenStandardOutput(), encoding, OutputBuffer) { NewLine = "\n" };
        var error = new StreamWriter(new DiagnosticStream(Console.OpenStandardError()), encoding) { AutoFlush = true, NewLine = "\n" };
        return new(output, TextWriter.Synchronized(error), Terminal.Detect(Console.IsOutputRedirected), Terminal.Detect(Console.IsErrorRedirected));
    }

    public void WriteError(string message) => Error.WriteLine($"trapline: {ErrorTerminal.Bad("error:")} {message}");

    public void WriteWarning(string message) => Error.WriteLine($"trapline: {ErrorTerminal.Strong("warning:")} {message}");

    public void WriteNote(string message) => Error.WriteLine($"trapline: {message}");
}

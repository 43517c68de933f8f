namespace Trapline.Host.Rendering;

/// <summary>One line on a terminal that says at which of several files a command is.</summary>
internal sealed class FileProgress(HostConsole console, int files) : IDisposable
{
    private int _shown;

    public void Show(string file)
    {
        _shown++;
        if (console.ErrorTerminal.IsTerminal)
        {
            console.Error.Write(Terminal.EraseLine + Quantity.Cut($"[{_shown}/{files}] {Path.GetFileName(file)}", Math.Max(1, console.ErrorTerminal.Width - 1)));
        }
    }

    public void Dispose()
    {
        if (console.ErrorTerminal.IsTerminal && _shown > 0)
        {
            console.Error.Write(Terminal.EraseLine);
        }
    }
}

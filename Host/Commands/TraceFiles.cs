using System.Text;
using Trapline.Actors.Tracing;
using Trapline.Cluster.Traces.Perfetto;
using Trapline.Cluster.Traces.Text;
using Trapline.Cluster.Traces.Vcd;
using Trapline.Host.Rendering;

namespace Trapline.Host.Commands;

/// <summary>The traces that a run was asked for, with the files that they go to.</summary>
internal sealed class TraceFiles : IDisposable
{
    private readonly List<ITraceSink> _sinks = [];
    private readonly List<IDisposable> _files = [];

    private TraceFiles()
    {
    }

    public IReadOnlyList<ITraceSink> Sinks => _sinks;

    /// <exception cref="CommandException">A file cannot be written.</exception>
    public static TraceFiles Open(RunArguments arguments, HostConsole console)
    {
        var files = new TraceFiles();
        try
        {
            files.OpenTrace(arguments.Trace, console);
            if (arguments.Vcd is { } file)
            {
                files._sinks.Add(new VcdTrace(files.Create(file), files.CreateSpool(file)));
            }

            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var file in Enumerable.Reverse(_files))
        {
            file.Dispose();
        }
    }

    private void OpenTrace(TraceTarget? target, HostConsole console)
    {
        switch (target)
        {
            case null:
                break;
            case { File: null }:
                _sinks.Add(new TextTrace(console.Error));
                break;
            case { IsText: true }:
                var writer = new StreamWriter(Create(target.File), new UTF8Encoding(false)) { NewLine = "\n" };
                _sinks.Add(new TextTrace(writer));
                break;
            default:
                _sinks.Add(new PerfettoTrace(Create(target.File)));
                break;
        }
    }

    private TraceStream Create(string file) => Keep(TraceStream.Create(file, FileOptions.None));

    /// <summary>Beside the file, so that it is the same disk that is large enough or not; gone with the process.</summary>
    private TraceStream CreateSpool(string file) => Keep(TraceStream.Create($"{file}.changes", FileOptions.DeleteOnClose));

    private TraceStream Keep(TraceStream stream)
    {
        _files.Add(stream);
        return stream;
    }
}

using System.Text;
using Trapline.Cluster.Traces.Rounds;
using Trapline.Host.Commands;
using Trapline.Host.Reports.Csv;
using Trapline.Host.Reports.Html;
using Trapline.Machines.Results;
using Trapline.Machines.Text;

namespace Trapline.Host.Reports;

/// <summary>The folder that a run writes to. That it can be written is found out before the run.</summary>
internal sealed class OutputFolder : IDisposable
{
    /// <summary>Where runs write that are not told otherwise, in the current folder.</summary>
    public const string DefaultRoot = "trapline-out";

    /// <summary>The last one written: where it is, the others are too.</summary>
    private const string ReportName = "report.json";
    private const string PageName = "report.html";

    private readonly string _path;
    private readonly string _temporary;

    private OutputFolder(string path)
    {
        _path = path;
        // Two runs into one folder do not write into one temporary file.
        _temporary = Path.Combine(path, $".report.json.{Environment.ProcessId}.tmp");
    }

    public string Report => Path.Combine(_path, ReportName);

    public string Page => Path.Combine(_path, PageName);

    public string Journal => Path.Combine(_path, "journal.jsonl");

    /// <exception cref="CommandException">It cannot be made or written to.</exception>
    public static OutputFolder Open(string path)
    {
        if (File.Exists(path))
        {
            throw new CommandException(ExitCodes.Environment, $"{Quoted.Show(path)} is a file, not a folder to write to; choose another with --out");
        }

        var folder = new OutputFolder(path);
        try
        {
            Directory.CreateDirectory(path);
            // Permissions, a read-only file system, a full disk: only trying tells.
            WriteThrough(folder._temporary, "{}"u8);
            return folder;
        }
        catch (Exception failure) when (DiskFailure.Is(failure))
        {
            throw new CommandException(ExitCodes.Environment, $"the folder {Quoted.Show(path)} cannot be written: {DiskFailure.Reason(failure)}; choose another with --out");
        }
        finally
        {
            folder.Dispose();
        }
    }

    /// <summary>A file that a run writes itself: a trace of that name would be lost.</summary>
    public bool Owns(string file) => OwnNames().Select(name => Path.Combine(_path, name)).Append(Journal).Any(own => FilePlace.Same(file, own));

    /// <summary>A report of an earlier run must not pass for that of one that failed.</summary>
    public void RemoveOldReport()
    {
        foreach (var file in OwnNames().Select(name => Path.Combine(_path, name)))
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception failure) when (DiskFailure.Is(failure))
            {
                throw new CommandException(ExitCodes.Environment, $"the old report {Quoted.Show(file)} cannot be removed: {DiskFailure.Reason(failure)}");
            }
        }
    }

    /// <summary>The report, its page and its tables are all there afterwards; if the disk fails report.json, which is last, is not.</summary>
    /// <exception cref="CommandException">The disk failed.</exception>
    public void WriteReport(RunReport report, IReadOnlyList<Round>? rounds = null)
    {
        foreach (var (name, text) in (IEnumerable<(string, string)>)[.. ReportCsv.Write(report), (PageName, ReportPage.Write(report, rounds)), (ReportName, ReportJson.Serialize(report))])
        {
            Write(Path.Combine(_path, name), text);
        }
    }

    /// <summary>Removes the temporary file, if there is one.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_temporary);
        }
        catch (Exception failure) when (DiskFailure.Is(failure))
        {
            // A failure to clean up must not hide the one that made it necessary; the name says that it is temporary.
        }
    }

    private static IEnumerable<string> OwnNames() => [ReportName, PageName, .. ReportCsv.Names];

    /// <summary>The whole file is there afterwards, or none.</summary>
    private void Write(string file, string text)
    {
        try
        {
            WriteThrough(_temporary, Encoding.UTF8.GetBytes(text));
            File.Move(_temporary, file, overwrite: true);
        }
        catch (Exception failure) when (DiskFailure.Is(failure))
        {
            throw new CommandException(ExitCodes.Environment, $"{Quoted.Show(file)} could not be written: {DiskFailure.Reason(failure)}; the results are on stdout only");
        }
        finally
        {
            Dispose();
        }
    }

    private static void WriteThrough(string path, ReadOnlySpan<byte> bytes)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }
}

using System.Text;
using Trapline.Host.Commands;
using Trapline.Machines.Results;
using Trapline.Machines.Text;

namespace Trapline.Host.Reports;

/// <summary>The folder that a run writes to. That it can be written is found out before the run.</summary>
internal sealed class OutputFolder : IDisposable
{
    /// <summary>Where runs write that are not told otherwise, in the current folder.</summary>
    public const string DefaultRoot = "trapline-out";

    private readonly string _path;
    private readonly string _temporary;

    private OutputFolder(string path)
    {
        _path = path;
        // Two runs into one folder do not write into one temporary file.
        _temporary = Path.Combine(path, $".report.json.{Environment.ProcessId}.tmp");
    }

    public string Report => Path.Combine(_path, "report.json");

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

    /// <summary>A report of an earlier run must not pass for that of one that failed.</summary>
    public void RemoveOldReport()
    {
        try
        {
            File.Delete(Report);
        }
        catch (Exception failure) when (DiskFailure.Is(failure))
        {
            throw new CommandException(ExitCodes.Environment, $"the old report {Quoted.Show(Report)} cannot be removed: {DiskFailure.Reason(failure)}");
        }
    }

    /// <summary>The whole report is there afterwards, or none.</summary>
    /// <exception cref="CommandException">The disk failed.</exception>
    public void WriteReport(RunReport report)
    {
        try
        {
            WriteThrough(_temporary, Encoding.UTF8.GetBytes(ReportJson.Serialize(report)));
            File.Move(_temporary, Report, overwrite: true);
        }
        catch (Exception failure) when (DiskFailure.Is(failure))
        {
            throw new CommandException(ExitCodes.Environment, $"{Quoted.Show(Report)} could not be written: {DiskFailure.Reason(failure)}; the results are on stdout only");
        }
        finally
        {
            Dispose();
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

    private static void WriteThrough(string path, ReadOnlySpan<byte> bytes)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }
}

using System.Text.Json;
using Trapline.Machines.Scenarios;
using Trapline.Messages;

namespace Trapline.Cluster.Runs.Acts;

/// <summary>
/// Writes down what a person does to a run, with its virtual time, before it takes effect: one JSON object a line, the
/// first names the run. A line is on disk when the call returns.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private readonly FileStream? _file;

    private JournalWriter(FileStream? file) => _file = file;

    /// <exception cref="RunException">The file cannot be written.</exception>
    public static JournalWriter Open(string? path, Scenario scenario, string fingerprint)
    {
        if (path is null)
        {
            return new JournalWriter(null);
        }

        try
        {
            // Locked: a second run into one folder would leave the journal of one beside the report of the other.
            var writer = new JournalWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None));
            writer.Write(new JournalHeader(JournalHeader.CurrentVersion, scenario.Name, scenario.Seed, fingerprint));
            return writer;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RunException(RunFailure.Environment, $"cannot write the journal {path}: {failure.Message.TrimEnd('.')}; choose another folder with --out", failure);
        }
    }

    /// <exception cref="RunException">The disk refuses: the stop is then not made, because it could not be repeated.</exception>
    public void Stop(string variant, VirtualTime at) => Write(new JournalEntry(variant, at.Picoseconds, JournalEntry.StopAct));

    /// <inheritdoc cref="Stop"/>
    public void Act(string variant, VirtualTime at, string act) => Write(new JournalEntry(variant, at.Picoseconds, act));

    public void Dispose() => _file?.Dispose();

    /// <summary>As it was done elsewhere.</summary>
    public void Write(JournalEntry act) => Write<JournalEntry>(act);

    private void Write<T>(T line)
    {
        if (_file is null)
        {
            return;
        }

        try
        {
            JsonSerializer.Serialize(_file, line, JournalJson.Options);
            _file.WriteByte((byte)'\n');
            _file.Flush(flushToDisk: true);
        }
        catch (IOException failure)
        {
            throw new RunException(RunFailure.Environment, $"cannot write the journal {_file.Name}: {failure.Message}", failure);
        }
    }
}

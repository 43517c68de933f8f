using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>The commands of ITSs, and how those ended that failed: KVM computes the error of a command, and tells nobody.</summary>
public sealed class CommandStatistics
{
    /// <summary>Far above how many numbers there are.</summary>
    private const int Limit = 256;

    private readonly SortedDictionary<int, long> _errors = [];
    private long _commands;

    /// <summary>All that were executed.</summary>
    public long Commands => _commands;

    /// <summary>How often each error occurred: the ITS's own numbers (spec gicv3-its 7.3), or negative errnos; ascending.</summary>
    public IReadOnlyDictionary<int, long> Errors => _errors;

    /// <summary>A command was executed.</summary>
    /// <param name="result">0 or its error.</param>
    public void Note(int result)
    {
        _commands++;
        if (result != 0 && (_errors.Count < Limit || _errors.ContainsKey(result)))
        {
            _errors[result] = _errors.GetValueOrDefault(result) + 1;
        }
    }

    /// <summary>Those of another board, or of the same on another host.</summary>
    public void Merge(CommandStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _commands += other._commands;
        foreach (var (result, count) in other._errors)
        {
            _errors[result] = _errors.GetValueOrDefault(result) + count;
        }
    }

    /// <summary>What a counter of an error is called: <c>its_error_0x10307</c>, <c>its_error_errno_14</c>.</summary>
    public static string NameOf(int error) => error < 0 ? $"its_error_errno_{-error}" : $"its_error_0x{error:x}";

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("commands", ref _commands);
        List<Row> rows = [.. _errors.Select(error => new Row { Result = error.Key, Count = error.Value })];
        sync.List("errors", "error", rows, Limit, static (StateSync each, ref Row row) =>
        {
            each.Row("result", ref row.Result);
            each.Row("count", ref row.Count);
        });
        if (!sync.Loading)
        {
            return;
        }

        _errors.Clear();
        foreach (var row in rows)
        {
            _errors[row.Result] = row.Count;
        }
    }

    private struct Row
    {
        public int Result;
        public long Count;
    }
}

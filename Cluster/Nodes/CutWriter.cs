using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Cluster.Telemetry;
using Trapline.Messages;
using Trapline.Persistence;

namespace Trapline.Cluster.Nodes;

/// <summary>Stages what a node captured at cuts, on a thread of its own, and tells the holder. There is memory for two cuts; the run never waits for the database.</summary>
internal sealed class CutWriter : IDisposable
{
    private const int MostAtOnce = 2;

    private readonly NodeContext _context;
    private readonly RunPayload _key;
    private readonly BlockingCollection<(int Number, StateCapture State, VirtualTime At)> _captured = new(MostAtOnce);
    private readonly ConcurrentBag<StateCapture> _free = [new StateCapture(), new StateCapture()];
    private readonly Thread _thread;
    private long _lastTicks;
    private volatile bool _failing;

    /// <param name="context">Of the node.</param>
    /// <param name="key">Run, job, attempt and member.</param>
    public CutWriter(NodeContext context, RunPayload key)
    {
        _context = context;
        _key = key;
        _thread = new Thread(Work) { IsBackground = true, Name = "cut writer" };
        _thread.Start();
    }

    /// <summary>Time that the last cut took to write: of one core, beside the simulation.</summary>
    public TimeSpan LastWrite => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _lastTicks));

    /// <summary>Whether the last cut could not be staged.</summary>
    public bool Failing => _failing;

    public StateCapture? Rent() => _free.TryTake(out var free) ? free : null;

    public void Write(int number, StateCapture state, VirtualTime at) => _captured.Add((number, state, at));

    public void Dispose()
    {
        _captured.CompleteAdding();
        _thread.Join();
    }

    private void Work()
    {
        foreach (var (number, state, at) in _captured.GetConsumingEnumerable())
        {
            var begun = Stopwatch.GetTimestamp();
            try
            {
                Stage(number, state, at);
                _failing = false;
            }
#pragma warning disable CA1031 // Whatever it is, the run is worth more than one of its checkpoints, and the lead knows that it is not durable.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (!_failing)
                {
                    _context.Log($"run {_key.Run}: cut {number} cannot be stored: {failure.Message}");
                }

                _failing = true;
            }

            _free.Add(state);
            Volatile.Write(ref _lastTicks, Stopwatch.GetTimestamp() - begun);
        }
    }

    private void Stage(int number, StateCapture state, VirtualTime at)
    {
        using var span = ClusterTelemetry.Spans.StartActivity("stage a cut");
        var parts = CheckpointOrigin.Groups(state);
        using var store = _context.OpenStore();
        ((IStagedCheckpoints)store).Stage(StagedCut.Stage(_key.Run, _key.Job, _key.Attempt, number), parts);
        var staged = new StagedCut(at.Picoseconds, [.. parts.Select(part => new StoredPart(part.Name, part.SchemaVersion, part.Content.Length, Convert.ToHexStringLower(SHA256.HashData(part.Content.Span))))]);
        _context.Coordination.Append(_key with { Kind = PayloadKinds.Cut, Number = number, Content = JsonSerializer.SerializeToUtf8Bytes(staged, JournalJson.Options) });
    }
}

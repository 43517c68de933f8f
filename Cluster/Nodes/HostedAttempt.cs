using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Trapline.Actors.Kernel;
using Trapline.Cluster.Attempts;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Plans;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Cluster.Telemetry;
using Trapline.Messages;
using Trapline.Messages.State;
using Trapline.Persistence;

namespace Trapline.Cluster.Nodes;

/// <summary>This node's part in one attempt: a thread of its own that joins the others, runs, and leaves results; and what the node knows of it.</summary>
internal sealed class HostedAttempt : IAttemptSupervisor, IDisposable
{
    private static readonly TimeSpan DatabaseStep = TimeSpan.FromMilliseconds(300);

    /// <summary>Of a run that is placed by traffic: soon, when there is something measured, then now and then.</summary>
    private static readonly TimeSpan FirstRebalance = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RebalanceEvery = TimeSpan.FromSeconds(30);

    private readonly NodeContext _context;
    private readonly RunPayload _key;
    private readonly AttemptInputs _inputs;
    private readonly AttemptProgress _progress = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly ConcurrentQueue<AttemptCommand> _commands = new();
    private readonly ConcurrentQueue<(long Request, string Answer)> _answers = new();
    private readonly CutWriter _cuts;
    private readonly HashSet<string> _told = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly SemaphoreSlim? _turn;
    private readonly Thread _thread;
    private TimeSpan _nextRebalance = FirstRebalance;
    private bool _rebalances;
    private bool _standsStill;
    private volatile ParticipantState _ended = new() { Phase = ParticipantPhase.Joining };

    /// <param name="context">Of the node.</param>
    /// <param name="member">Whom the node is.</param>
    /// <param name="run">The run.</param>
    /// <param name="specification">Of it.</param>
    /// <param name="variants">Of it.</param>
    /// <param name="job">As the holder committed it.</param>
    /// <param name="turn">Taken while a whole variant runs: a node runs one after the other. Null where it may begin at once: its peers wait for it.</param>
    public HostedAttempt(NodeContext context, long member, RunRow run, RunSpecification specification, SpecifiedVariants variants, Job job, SemaphoreSlim? turn)
    {
        _context = context;
        _turn = turn;
        Job = job;
        _key = new RunPayload(run.Id, job.Number, job.Attempt, "", member, 0, []);
        _inputs = new AttemptInputs(context, run.Id, specification, variants, job);
        IsLead = job.Members[0] == member;
        Tags = [new("run", run.Id), new("job", job.Number), new("variant", job.Variant), new("attempt", job.Attempt)];
        Clock = new CutClock(TimeSpan.FromSeconds(specification.CheckpointSeconds), context.Settings.PauseAfter);
        _cuts = new CutWriter(context, _key);
        _thread = new Thread(Work) { IsBackground = true, Name = $"run {run.Id}, job {job.Number}, attempt {job.Attempt}" };
        _thread.Start();
    }

    public Job Job { get; }

    /// <summary>By which measurements are told apart.</summary>
    public KeyValuePair<string, object?>[] Tags { get; }

    public bool IsLead { get; }

    public CutClock Clock { get; }

    /// <summary>Nothing more happens in it.</summary>
    public bool IsOver => _ended.Phase is not (ParticipantPhase.Joining or ParticipantPhase.Running);

    bool IAttemptSupervisor.WantsCut => Clock.WantsCut;

    /// <summary>Time that writing the last cut has taken.</summary>
    public TimeSpan Writing => _cuts.LastWrite;

    /// <summary>What it says of itself now.</summary>
    public ParticipantState State()
    {
        var ended = _ended;
        var fabric = _progress.Fabric;
        var waiting = fabric?.Waiting;
        var links = fabric?.Links ?? [];
        return ended with
        {
            Window = _progress.Window,
            PositionPs = _progress.Position.Picoseconds,
            Groups = _progress.Groups,
            Moves = _progress.Moves,
            Step = links.Count == 0 ? 0 : links.Max(link => link.FramesSent),
            WaitsFor = IsOver ? ended.WaitsFor : waiting is not null && waiting.Elapsed > _context.Settings.Stall ? waiting.Peers : [],
            Links = [.. links.Select(link => new LinkState(link.Peer, link.BytesSent, link.BytesReceived, (long)link.Waited.TotalMilliseconds))],
            ElapsedMs = _watch.ElapsedMilliseconds,
            NotDurableMs = IsLead && Clock.NotDurable is { } since ? (long)since.TotalMilliseconds : -1,
        };
    }

    /// <summary>Whether this is news for an attempt that goes on.</summary>
    public bool Tell(string what) => !IsOver && _told.Add(what);

    /// <summary>Has something done at the next window. For the lead.</summary>
    public void Ask(AttemptCommand command) => _commands.Enqueue(command);

    /// <summary>Answers that are to be written.</summary>
    public bool TryTakeAnswer(out (long Request, string Answer) answer) => _answers.TryDequeue(out answer);

    /// <summary>Ends it where it stands; its results, if it has any, are nobody's.</summary>
    public void Abandon(string reason)
    {
        _abandoned.Cancel();
        _progress.Fabric?.Abort(reason);
    }

    public void Dispose()
    {
        Abandon("the node leaves the attempt");
        _thread.Join();
        _cuts.Dispose();
        _abandoned.Dispose();
    }

    bool IAttemptSupervisor.StandsStill()
    {
        if (Clock.WantsPause != _standsStill)
        {
            _standsStill = !_standsStill;
            _context.Log($"run {_key.Run}, job {_key.Job}, attempt {_key.Attempt}: {(_standsStill ? "stands still until it is safe on disk: it has not been for longer than --pause-after" : "goes on")}");
        }

        return _standsStill;
    }

    AttemptCommand? IAttemptSupervisor.Take()
    {
        if (_rebalances && _watch.Elapsed > _nextRebalance)
        {
            _nextRebalance = _watch.Elapsed + RebalanceEvery;
            return new AttemptCommand(0, Rebalance: true);
        }

        return _commands.TryDequeue(out var command) ? command : null;
    }

    void IAttemptSupervisor.Answer(AttemptCommand command, string answer)
    {
        if (command.Rebalance)
        {
            _context.Log($"run {_key.Run}, job {_key.Job}: rebalancing: {answer}");
        }

        if (command.Request != 0)
        {
            _answers.Enqueue((command.Request, answer));
        }
    }

    bool IAttemptSupervisor.WriteDown(JournalEntry act)
    {
        try
        {
            var content = JsonSerializer.SerializeToUtf8Bytes(act, JournalJson.Options);
            return _context.Coordination.Append(_key with { Kind = PayloadKinds.Act, Number = act.AtPs, Content = content });
        }
        catch (CoordinationException)
        {
            return false;
        }
    }

    StateCapture? IAttemptSupervisor.RentCapture() => _cuts.Rent();

    void IAttemptSupervisor.Cut(int number, StateCapture state, VirtualTime at, TimeSpan halt)
    {
        Clock.WasCut(number, halt);
        ClusterTelemetry.CutHalt.Record(halt.TotalSeconds);
        _cuts.Write(number, state, at);
    }

    private void Work()
    {
        try
        {
            _turn?.Wait(_abandoned.Token);
            try
            {
                _watch.Restart();
                Run();
            }
            finally
            {
                _turn?.Release();
            }
        }
        catch (OperationCanceledException)
        {
            End(ParticipantPhase.Unable, "it was abandoned", []);
        }
        catch (FabricException failure)
        {
            var phase = failure.Failure is FabricFailure.LimitReached ? ParticipantPhase.Failed
                : failure.Failure is FabricFailure.PeerLost or FabricFailure.Timeout or FabricFailure.Protocol or FabricFailure.Refused ? ParticipantPhase.Broken
                : ParticipantPhase.Unable;
            End(phase, failure.Message, !failure.IsFarewell && failure.Peer is { } peer ? [peer] : []);
        }
        catch (SimulationException failure)
        {
            End(ParticipantPhase.Failed, $"variant {Job.Variant}: {failure.Message}", []);
        }
        catch (RunException failure)
        {
            End(failure.Failure == RunFailure.Environment ? ParticipantPhase.Unable : ParticipantPhase.Failed, failure.Message, []);
        }
        catch (CheckpointException failure) when (failure.Failure == CheckpointFailure.Input)
        {
            End(ParticipantPhase.Unable, failure.Message, [], isBadCheckpoint: true);
        }
#pragma warning disable CA1031 // Whatever ends it, the holder must learn of it: others wait for this node.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            End(ParticipantPhase.Unable, failure is CheckpointException or StateFormatException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}", []);
        }
    }

    private void Run()
    {
        using var span = ClusterTelemetry.Spans.StartActivity("attempt", ActivityKind.Internal, default(ActivityContext), Tags);
        var settings = Spanned("load", () => _inputs.Load(_abandoned.Token));
        _rebalances = settings.MeasuresTraffic && Job.Members.Count > 1;
        var fabric = Spanned("join", () => _inputs.Join(_key.Member, settings, _abandoned.Token));
        _progress.Fabric = fabric;
        try
        {
            _abandoned.Token.ThrowIfCancellationRequested();
            _ended = new() { Phase = ParticipantPhase.Running };
            using var runner = new AttemptRunner(settings, fabric, this, _progress, _abandoned.Token);
            var outcome = runner.Run();
            if (IsLead)
            {
                Deliver(outcome);
            }

            End(ParticipantPhase.Finished, "", []);
        }
        finally
        {
            fabric.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>The work is done: whatever the database does, its result is not thrown away as long as the attempt is the job's.</summary>
    private void Deliver(VariantOutcome outcome)
    {
        var payload = _key with { Kind = PayloadKinds.Result, Content = ResultContent.Pack(outcome) };
        while (true)
        {
            try
            {
                _context.Coordination.Append(payload);
                return;
            }
            catch (CoordinationException failure) when (failure.Failure is CoordinationFailure.Unavailable or CoordinationFailure.Full)
            {
                _abandoned.Token.WaitHandle.WaitOne(DatabaseStep);
                _abandoned.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private static T Spanned<T>(string name, Func<T> work)
    {
        using var span = ClusterTelemetry.Spans.StartActivity(name);
        return work();
    }

    private void End(ParticipantPhase phase, string problem, IReadOnlyList<int> lost, bool isBadCheckpoint = false)
    {
        _watch.Stop();
        _ended = new() { Phase = phase, Problem = problem, WaitsFor = lost, BadCheckpoint = isBadCheckpoint };
        ClusterTelemetry.Attempts.Add(1, new KeyValuePair<string, object?>("end", phase.ToString().ToLowerInvariant()));
        if (problem.Length > 0)
        {
            _context.Log($"run {_key.Run}, job {_key.Job}, attempt {_key.Attempt}: {problem}");
        }

        _context.Nudge();
    }
}

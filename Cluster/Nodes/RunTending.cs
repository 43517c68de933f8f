using System.Diagnostics;
using System.Text.Json;
using Trapline.Cluster.Attempts;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Plans;
using Trapline.Cluster.Runs.Acts;

namespace Trapline.Cluster.Nodes;

/// <summary>All that a node has to do with one run: its parts in attempts, what they say, what people ask, and the run's lease.</summary>
internal sealed class RunTending : IDisposable
{
    private readonly NodeContext _context;
    private readonly RunSpecification _specification;
    private readonly SpecifiedVariants _variants;
    private readonly SemaphoreSlim _turn;
    private readonly RunHolder _holder;
    private readonly Dictionary<int, HostedAttempt> _attempts = [];
    private readonly Dictionary<int, (string Said, long At)> _reports = [];
    private long _lastRequest;

    /// <exception cref="JsonException">Its specification is not one of this version.</exception>
    public RunTending(NodeContext context, RunRow run, SemaphoreSlim turn)
    {
        _context = context;
        _turn = turn;
        _specification = RunSpecification.Decode(context.Coordination.Specification(run.Id));
        _variants = new SpecifiedVariants(_specification);
        _holder = new RunHolder(context, run.Id, _specification, _variants);
    }

    /// <summary>That go on here.</summary>
    public IEnumerable<HostedAttempt> Attempts => _attempts.Values.Where(attempt => !attempt.IsOver);

    /// <exception cref="CoordinationException">The database is away: what runs goes on.</exception>
    public void Look(RunRow run, long member, IReadOnlyList<Member> members, IReadOnlyDictionary<long, int> busy, bool mayJudgeLeases)
    {
        var plan = RunPlan.Decode(run.Plan);
        Reconcile(run, plan, member);
        TakeRequests(run, plan);
        Report(run.Id, member);
        _holder.Look(run, plan, member, members, busy, mayJudgeLeases);
    }

    public void Abandon(string reason)
    {
        foreach (var attempt in _attempts.Values)
        {
            attempt.Abandon(reason);
        }
    }

    public void Dispose()
    {
        foreach (var attempt in _attempts.Values)
        {
            attempt.Dispose();
        }

        _attempts.Clear();
    }

    /// <summary>Begins what the plan has this node do, and ends what it has not any more.</summary>
    private void Reconcile(RunRow run, RunPlan plan, long member)
    {
        foreach (var job in plan.Jobs)
        {
            var isMine = job.State == JobState.Running && job.Members.Contains(member);
            if (_attempts.TryGetValue(job.Number, out var attempt) && (!isMine || attempt.Job.Attempt != job.Attempt))
            {
                _attempts.Remove(job.Number);
                attempt.Abandon($"attempt {attempt.Job.Attempt} is over: the run is at epoch {run.Epoch}, attempt {job.Attempt}");
                attempt.Dispose();
            }

            if (!isMine)
            {
                continue;
            }

            if (!_attempts.TryGetValue(job.Number, out attempt))
            {
                attempt = new HostedAttempt(_context, member, run, _specification, _variants, job, job.Members.Count == 1 ? _turn : null);
                _attempts.Add(job.Number, attempt);
                _reports.Remove(job.Number);
            }

            foreach (var cut in job.Checkpoints.Where(cut => cut.Attempt == job.Attempt))
            {
                attempt.Clock.IsDurable(cut.Number, attempt.Writing);
            }
        }
    }

    private void TakeRequests(RunRow run, RunPlan plan)
    {
        foreach (var (number, attempt) in _attempts.Where(each => each.Value.IsLead))
        {
            while (attempt.TryTakeAnswer(out var answer))
            {
                _context.Coordination.Answer(answer.Request, answer.Answer);
            }

            if (plan.IsDraining && attempt.Tell(RunQuestionText.Drain))
            {
                attempt.Clock.Want();
            }

            if (plan.IsStopping && attempt.Tell(RunQuestionText.Stop))
            {
                attempt.Ask(new AttemptCommand(0, new JournalEntry(plan.Jobs[number].Variant, 0, JournalEntry.StopAct)));
            }
        }

        if (_attempts.Values.FirstOrDefault(attempt => attempt.IsLead && !attempt.IsOver) is not { } lead)
        {
            return;
        }

        foreach (var question in _context.Coordination.Requests(run.Id).Where(question => question.Answer is null && question.Id > _lastRequest))
        {
            _lastRequest = question.Id;
            if (RunQuestionText.TryCommand(question, lead.Job.Variant, out var problem) is { } command)
            {
                lead.Ask(command);
            }
            else if (problem.Length > 0)
            {
                _context.Coordination.Answer(question.Id, problem);
            }
        }
    }

    /// <summary>As often as the node says that it lives: the two are of the same use.</summary>
    private TimeSpan ReportEvery => _context.Settings.Lease / 4;

    /// <summary>At once where a phase has changed or somebody is waited for; else now and then.</summary>
    private void Report(long run, long member)
    {
        List<ParticipantReport> reports = [];
        List<(int Job, string Said)> said = [];
        foreach (var (job, attempt) in _attempts)
        {
            var state = attempt.State();
            var urgent = $"{state.Phase} {string.Join(',', state.WaitsFor)}";
            if (_reports.TryGetValue(job, out var last) && last.Said == urgent && Stopwatch.GetElapsedTime(last.At) < ReportEvery)
            {
                continue;
            }

            reports.Add(new ParticipantReport(run, job, attempt.Job.Attempt, member, state.Encode()));
            said.Add((job, urgent));
        }

        if (reports.Count == 0)
        {
            return;
        }

        _context.Coordination.Report(reports);
        // Not before: what was not written down is said again.
        said.ForEach(each => _reports[each.Job] = (each.Said, Stopwatch.GetTimestamp()));
    }
}

using Trapline.Cluster.Coordination;
using Xunit;

namespace Trapline.Cluster.Tests.Coordination;

/// <summary>Reports, payloads, requests, and being woken.</summary>
public abstract partial class CoordinationContract
{
    [Fact]
    public void What_is_reported_of_the_current_attempt_takes_the_place_of_what_was_said_before()
    {
        var (authority, revision) = Taken();
        var (run, member) = (authority.Run, authority.Holder);
        Assert.Equal(0, Coordination.Report([new(run, 0, 1, member, "nobody has begun")]));
        revision = Commit(authority, revision, (0, 1), (1, 1));
        Assert.Equal(1, Coordination.Report([new(run, 0, 1, member, "a")]));
        Assert.Equal(1, Coordination.Report([new(run, 0, 1, member, "b")]));
        Assert.Equal(1, Coordination.Report([new(run, 1, 1, member, "c")]));
        Assert.Equal([(0, "b"), (1, "c")], Coordination.Reports(run).Select(report => (report.Job, report.Content)));
        Assert.All(Coordination.Reports(run), report => Assert.InRange(report.Age, TimeSpan.Zero, TimeSpan.FromMinutes(1)));

        revision = Commit(authority, revision, (0, 2));
        Assert.Equal(0, Coordination.Report([new(run, 0, 1, member, "late")]));
        Assert.Equal([(1, "c")], Coordination.Reports(run).Select(report => (report.Job, report.Content)));
        Assert.Equal(1, Coordination.Report([new(run, 0, 2, member, "d")]));
        Assert.Equal(2, Coordination.Reports(run).Count);
        Refused(CoordinationFailure.Usage, () => Commit(authority, revision, (0, 1)));
        Assert.Equal(revision, Coordination.Find(run)!.Revision);
    }

    [Fact]
    public void A_payload_is_left_once_and_by_the_current_attempt_alone()
    {
        var (authority, revision) = Taken();
        var (run, member) = (authority.Run, authority.Holder);
        var first = new RunPayload(run, 0, 1, "part", member, 7, [1]);
        Assert.False(Coordination.Append(first));
        revision = Commit(authority, revision, (0, 1));
        Assert.True(Coordination.Append(first));
        Assert.True(Coordination.Append(first with { Content = [2, 2] }));
        Assert.True(Coordination.Append(first with { Number = 3, Content = [] }));
        Assert.True(Coordination.Append(first with { Kind = "act" }));
        Commit(authority, revision, (0, 2));
        Assert.False(Coordination.Append(first));
        Assert.False(Coordination.Append(first with { Number = 8 }));
        Assert.True(Coordination.Append(first with { Attempt = 2, Number = 1 }));

        var payloads = Coordination.Payloads(run, 0, "part");
        Assert.Equal([(1, 7, 1), (1, 3, 0), (2, 1, 1)], payloads.Select(payload => (payload.Attempt, payload.Number, (long)payload.Content.Length)));
        Assert.Equal([1], payloads[0].Content);
        Assert.Empty(Coordination.Payloads(run, 1, "part"));
        Assert.Equal([new PayloadKey(0, 2, member, 1)], Coordination.PayloadKeys(run, "part"));
        Assert.Empty(Coordination.PayloadKeys(run, "act"));
        Coordination.RemovePayloads(run, 0, "part", lastAttempt: 1, lastNumber: 5);
        Assert.Equal([(1, 7), (2, 1)], Coordination.Payloads(run, 0, "part").Select(payload => (payload.Attempt, payload.Number)));
        Assert.Single(Coordination.Payloads(run, 0, "act"));
    }

    [Fact]
    public void A_large_payload_comes_back_and_a_larger_one_is_refused()
    {
        var (authority, revision) = Taken();
        Commit(authority, revision, (0, 1));
        var content = new byte[(33 << 20) + 1];
        new Random(2).NextBytes(content);
        Assert.True(Coordination.Append(new(authority.Run, 0, 1, "result", authority.Holder, 0, content)));
        Assert.True(Coordination.Append(new(authority.Run, 0, 1, "result", authority.Holder, 1, content[..(8 << 20)])));
        var payloads = Coordination.Payloads(authority.Run, 0, "result");
        Assert.True(payloads[0].Content.AsSpan().SequenceEqual(content));
        Assert.True(payloads[1].Content.AsSpan().SequenceEqual(content.AsSpan(0, 8 << 20)));
        Refused(CoordinationFailure.Usage, () => Coordination.Append(new(authority.Run, 0, 1, "result", authority.Holder, 2, new byte[CoordinationLimits.PayloadBytes + 1])));
        Refused(CoordinationFailure.Usage, () => Coordination.Submit(new("", "", new byte[CoordinationLimits.SpecificationBytes + 1], "")));
        Refused(CoordinationFailure.Usage, () => Submit(new('x', CoordinationLimits.PlanLength + 1)));
        Assert.Equal(CoordinationLimits.PlanLength, Coordination.Find(Submit(new('é', CoordinationLimits.PlanLength)))!.Plan.Length);
    }

    /// <summary>Who appends while attempts are counted on: what was taken was of the attempt that the job was at.</summary>
    [Fact]
    public void Nothing_is_taken_of_an_attempt_that_is_over()
    {
        const int Attempts = 25;
        var (authority, revision) = Taken();
        var run = authority.Run;
        var over = 0;
        var taken = new List<(int Attempt, bool Late)>();
        Together(4, number =>
        {
            using var own = Coordinations.Open(Url);
            for (var attempt = 1; number == 0 && attempt <= Attempts; attempt++)
            {
                revision = own.TryCommit(authority, revision, new("next", "x") { Attempts = [(0, attempt)] })!.Revision;
                // From here on everyone must be refused who has an older one.
                Volatile.Write(ref over, attempt - 1);
            }

            for (var tries = 0; number != 0 && Volatile.Read(ref over) < Attempts - 1; tries++)
            {
                var before = Volatile.Read(ref over);
                var attempt = before + Random.Shared.Next(2);
                if (own.Append(new(run, 0, attempt, "act", authority.Holder, (number * 100_000) + tries, [1])))
                {
                    lock (taken)
                    {
                        taken.Add((attempt, attempt <= before));
                    }
                }
            }
        });
        Assert.Equal(taken.Count, Coordination.Payloads(run, 0, "act").Count);
        Assert.DoesNotContain(taken, entry => entry.Late);
    }

    [Fact]
    public void A_request_is_answered_once_and_few_may_wait()
    {
        var run = Submit();
        var first = Coordination.Request(run, "stop");
        var second = Coordination.Request(run, "migrate");
        Coordination.Answer(second, "no");
        Coordination.Answer(second, "yes");
        Assert.Equal([new(first, run, "stop", null), new(second, run, "migrate", "no")], Coordination.Requests(run));
        for (var open = 1; open < CoordinationLimits.OpenRequests; open++)
        {
            Coordination.Request(run, "more");
        }

        Assert.Contains("wait for an answer", Refused(CoordinationFailure.Usage, () => Coordination.Request(run, "too many")).Message, StringComparison.Ordinal);
        Coordination.Answer(first, "done");
        Coordination.Request(run, "one more");
        Refused(CoordinationFailure.Usage, () => Coordination.Request(99, "x"));
    }

    [Fact]
    public async Task Who_waits_is_woken_by_what_another_process_changes()
    {
        var run = Submit();
        using var other = Coordinations.Open(Url);
        Drain();
        Assert.False(Coordination.WaitForChange(TimeSpan.FromMilliseconds(300), Cancellation));
        Action[] changes = [() => other.Request(run, "x"), () => other.Submit(new("", "", [], "")), () => other.Join(new("w", "http://w", "b", 1), Long)];
        foreach (var change in changes)
        {
            Drain();
            var start = DateTime.UtcNow;
            var later = Task.Run(
                async () =>
                {
                    await Task.Delay(50, Cancellation);
                    change();
                },
                Cancellation);
            Assert.True(Coordination.WaitForChange(TimeSpan.FromSeconds(20), Cancellation));
            Assert.True(DateTime.UtcNow - start < TimeSpan.FromSeconds(5));
            await later;
        }
    }

    [Fact]
    public void What_changed_while_nobody_waited_wakes_the_next_who_does()
    {
        Drain();
        using var other = Coordinations.Open(Url);
        other.Submit(new("", "", [], ""));
        Assert.True(Coordination.WaitForChange(TimeSpan.FromSeconds(20), Cancellation));
    }

    [Fact]
    public void Waiting_ends_when_it_is_cancelled()
    {
        Drain();
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var start = DateTime.UtcNow;
        Assert.False(Coordination.WaitForChange(TimeSpan.FromSeconds(60), end.Token));
        Assert.True(DateTime.UtcNow - start < TimeSpan.FromSeconds(10));
    }

    /// <summary>Until all that happened has been heard of.</summary>
    private void Drain()
    {
        while (Coordination.WaitForChange(TimeSpan.FromMilliseconds(400), Cancellation))
        {
        }
    }

    private long Commit(RunAuthority authority, long revision, params (int Job, int Attempt)[] attempts)
        => Coordination.TryCommit(authority, revision, new("attempts", "x") { Attempts = attempts })!.Revision;
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Trapline.Cluster.Runs.Acts;

namespace Trapline.Cluster.Plans;

/// <summary>The state of a run, which its holder alone changes, always as a whole.</summary>
/// <param name="Jobs">By their numbers.</param>
internal sealed record RunPlan(IReadOnlyList<Job> Jobs)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>No node gets anything any more: results so far are kept.</summary>
    public bool IsStopping { get; init; }

    /// <summary>Each job that runs is cut once more and then given up: the run goes on as another one, maybe under another build.</summary>
    public bool IsDraining { get; init; }

    /// <summary>The run whose jobs these are the rest of; 0 for none.</summary>
    public long Continues { get; init; }

    public static RunPlan Of(RunSpecification specification) => new(
    [
        .. specification.Seeds.SelectMany(_ => specification.Variants, (seed, variant) => (seed, variant))
            .Select((job, number) => new Job
            {
                Number = number,
                Variant = job.variant,
                Seed = job.seed,
                Acts = [.. specification.Acts.Where(act => act.Variant == job.variant)],
            }),
    ]);

    public string Encode() => JsonSerializer.Serialize(this, Options);

    /// <exception cref="JsonException">It is none of this version.</exception>
    public static RunPlan Decode(string text) => JsonSerializer.Deserialize<RunPlan>(text, Options) ?? throw new JsonException("there is nothing in it");

    /// <summary>What is left of a run that was drained or stopped: its checkpoints are where its jobs begin.</summary>
    /// <param name="run">Its number.</param>
    /// <param name="acts">What people have done to a job.</param>
    public RunPlan Rest(long run, Func<Job, IReadOnlyList<JournalEntry>> acts) => new(
    [
        .. Jobs.Where(job => job.State != JobState.Done).Select((job, number) => new Job
        {
            Number = number,
            Variant = job.Variant,
            Seed = job.Seed,
            Checkpoints = job.Checkpoints,
            Acts = acts(job),
        }),
    ])
    {
        Continues = run,
    };

    public RunPlan With(Job job) => this with { Jobs = [.. Jobs.Select(each => each.Number == job.Number ? job : each)] };
}

namespace Trapline.Bench.Phold;

/// <summary>The options of the command <c>phold</c>.</summary>
internal sealed record PholdOptions
{
    public const string Usage = "phold [--json] [--only ROW] [--threads N] [--repeats N]";

    private const int MaximumRepeats = 1_000;
    private const int MaximumThreads = 64;

    public bool Json { get; private init; }

    public IReadOnlyList<PholdModel> Models { get; private init; } = PholdModel.Rows;

    /// <summary>Numbers of threads, a row for each.</summary>
    public IReadOnlyList<int> Threads { get; private init; } = [1, 2];

    public int Repeats { get; private init; } = 5;

    /// <summary>Null with the reason in <paramref name="problem"/> where the arguments are wrong.</summary>
    public static PholdOptions? Parse(ReadOnlySpan<string> arguments, out string problem)
    {
        var options = new PholdOptions();
        problem = "";
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            if (name == "--json")
            {
                options = options with { Json = true };
                continue;
            }

            var value = i + 1 < arguments.Length ? arguments[++i] : "";
            var with = name switch
            {
                "--only" => PholdModel.Rows.SingleOrDefault(model => model.Name == value) is { } model ? options with { Models = [model] } : null,
                "--threads" => Number(value, MaximumThreads) is { } threads ? options with { Threads = [threads] } : null,
                "--repeats" => Number(value, MaximumRepeats) is { } repeats ? options with { Repeats = repeats } : null,
                _ => null,
            };
            if (with is null)
            {
                problem = Problem(name, value);
                return null;
            }

            options = with;
        }

        return options;
    }

    private static string Problem(string name, string value) => name switch
    {
        "--only" => $"--only: '{value}' is none of {string.Join(", ", PholdModel.Rows.Select(model => model.Name))}",
        "--threads" => $"--threads: '{value}' is no number from 1 to {MaximumThreads}",
        "--repeats" => $"--repeats: '{value}' is no number from 1 to {MaximumRepeats}",
        _ => $"'{name}' is no option of phold",
    };

    private static int? Number(string text, int greatest) =>
        int.TryParse(text, out var number) && number >= 1 && number <= greatest ? number : null;
}

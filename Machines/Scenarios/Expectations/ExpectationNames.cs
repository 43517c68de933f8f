namespace Trapline.Machines.Scenarios.Expectations;

/// <summary>The names that a scenario gives its expectations.</summary>
/// <param name="Numbers">Parameters of the guest.</param>
/// <param name="Texts">Axes of the matrix whose choices are mappings, each with the words of its choices.</param>
public sealed record ExpectationNames(IReadOnlyCollection<string> Numbers, IReadOnlyDictionary<string, IReadOnlyList<string>> Texts)
{
    public ExpectationNames(IReadOnlyCollection<string> numbers)
        : this(numbers, new Dictionary<string, IReadOnlyList<string>>())
    {
    }

    /// <summary>What a text may be, keys of <c>machine</c> included; null if it is no text.</summary>
    public IReadOnlyList<string>? WordsOf(string name)
        => MachineChange.WordKeys.Contains(name) ? MachineChange.WordsOf(name) : Texts.GetValueOrDefault(name);
}

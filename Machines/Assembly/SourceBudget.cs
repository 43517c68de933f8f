namespace Trapline.Machines.Assembly;

/// <summary>Counts lines and characters as they come into being, so that no macro can multiply them without bound.</summary>
internal sealed class SourceBudget
{
    private int _characters;

    public int Lines { get; private set; }

    /// <summary>The next line's sequence number.</summary>
    /// <exception cref="SourceBudgetException">A limit is passed.</exception>
    public int Take(int characters)
    {
        Lines++;
        _characters += characters;
        if (Lines > AssemblyLimits.Lines)
        {
            throw new SourceBudgetException($"the guest has more than {AssemblyLimits.Lines:N0} lines after macros and repetitions are expanded");
        }

        if (_characters > AssemblyLimits.Characters)
        {
            throw new SourceBudgetException($"the guest has more than {AssemblyLimits.Characters >> 20} MiB of text after macros and repetitions are expanded");
        }

        return Lines;
    }
}

using Trapline.Machines.Results;

namespace Trapline.Host.Rendering;

/// <summary>What did not go as it should in one variant, each as a line and what was found.</summary>
internal static class VariantFailures
{
    public static IEnumerable<(string What, string Found)> Of(VariantReport variant)
    {
        if (variant.EndReason is "assertion" or "error")
        {
            yield return (variant.EndReason, variant.EndDetail);
        }
        else if (variant.ExitCode != 0)
        {
            yield return ($"exit code {variant.ExitCode}", variant.EndDetail);
        }

        foreach (var violation in variant.Violations.Where(violation => !violation.Expected))
        {
            yield return (violation.Invariant, ViolationRenderer.Sentence(violation));
        }

        // What was cut short has failed nothing.
        foreach (var expectation in variant.Expectations.Where(expectation => !expectation.Holds && variant.EndReason != "interrupted"))
        {
            yield return (expectation.Text, $"found {expectation.Actual}");
        }
    }
}

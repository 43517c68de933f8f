using Trapline.Machines.Results;

namespace Trapline.Machines.Scenarios.Expectations;

/// <summary>What the names of an expression stand for in one variant.</summary>
internal sealed record ExpectationContext(VariantReport Report, IReadOnlyDictionary<string, long> Constants, IReadOnlyDictionary<string, string> Words);

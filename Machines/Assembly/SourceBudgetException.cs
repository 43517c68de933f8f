namespace Trapline.Machines.Assembly;

/// <summary>The source is too big as a whole: the assembly ends. Never leaves the assembler.</summary>
internal sealed class SourceBudgetException(string message) : Exception(message);

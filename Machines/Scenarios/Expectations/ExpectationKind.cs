namespace Trapline.Machines.Scenarios.Expectations;

/// <summary>What an expression stands for; known before anything runs, so that a wrong mix is an error of the file.</summary>
internal enum ExpectationKind
{
    Number,
    Text,
    Truth,
}

namespace Trapline.Machines.Scenarios.Expectations;

internal enum ExpectationTokenKind
{
    Number,
    Name,
    Text,
    Operator,
    End,
}

using Trapline.Actors.Guests;
using Trapline.Machines.Assembly;
using Xunit;

namespace Trapline.Machines.Tests.Assembly;

/// <summary>Short ways to assemble a text and to look at what came out.</summary>
internal static class Assembling
{
    public const string Main = "main.guest";

    public static AssemblyOptions Options(params (string Name, string Value)[] parameters) =>
        new() { VcpuCount = 4, Parameters = parameters.ToDictionary(p => p.Name, p => p.Value) };

    public static AssemblyResult Assemble(string text, params (string Name, string Value)[] parameters) =>
        GuestAssembler.Assemble(Main, Options(parameters), new MemorySources().Add(Main, text));

    /// <summary>The program of statements that need no head.</summary>
    public static GuestProgram Program(string statements, params (string Name, string Value)[] parameters)
    {
        var result = Assemble(".arch loongarch\nstart:\n" + statements, parameters);
        Assert.Empty(result.Errors);
        return result.Program!;
    }

    /// <summary>Errors as a user sees them; lines count from the first statement.</summary>
    public static string[] Errors(string statements, params (string Name, string Value)[] parameters)
    {
        var result = Assemble(".arch loongarch\nstart: nop\n" + statements, parameters);
        Assert.Null(result.Program);
        return [.. result.Errors.Select(error => (error with { Line = error.Line - 2 }).ToString())];
    }

    /// <summary>The value an expression has.</summary>
    public static long Value(string expression, string before = "") =>
        Program($"{before}\nli a0, {expression}").Instructions[^1].Immediate;
}

using Trapline.Actors.Guests;

namespace Trapline.Machines.Assembly;

/// <summary>
/// Turns the text of a guest (<c>.guest</c>; docs/manual/guest-language.md) into the program that vCPUs run. The same
/// sources and options give the same program. Sources may be hostile: every mistake is an error in the result, never an
/// exception, and <see cref="AssemblyLimits"/> bound time and memory.
/// </summary>
public static class GuestAssembler
{
    private const string DefaultEntry = "start";

    /// <remarks>
    /// <c>path</c>: The main file; includes are relative to the file that names them.<br/>
    /// <c>reader</c>: The file system if null.<br/>
    /// </remarks>
    public static AssemblyResult Assemble(string path, AssemblyOptions options, IGuestSourceReader? reader = null)
    {
        var diagnostics = new Diagnostics();
        var budget = new SourceBudget();
        var loader = new SourceLoader(reader ?? new FileGuestSourceReader(), budget, diagnostics);
        var symbols = new SymbolTable();
        var evaluator = new ExpressionEvaluator(symbols);
        var parameters = new ParameterValues(options.Parameters, evaluator);
        var firstPass = new FirstPass(symbols, evaluator, parameters, diagnostics, options.Architecture);
        Predefine(symbols, options);

        var main = IncludePath.Normalise(path);
        try
        {
            Read(loader, main, new(loader, budget, evaluator, diagnostics, firstPass), diagnostics);
        }
        catch (SourceBudgetException e)
        {
            diagnostics.Add(main, 1, 1, e.Message, budget.Lines);
            diagnostics.Stop();
        }

        if (diagnostics.Stopped)
        {
            return new(null, diagnostics.InOrder());
        }

        parameters.ReportUndeclared(main, diagnostics);
        evaluator.AllSymbolsKnown = true;
        return SecondPass(firstPass, symbols, new(evaluator, firstPass.Dialect, firstPass.Text.Address), loader.Paths, diagnostics);
    }

    private static void Predefine(SymbolTable symbols, AssemblyOptions options)
    {
        symbols.Predefine("vcpus", options.VcpuCount);
        symbols.Predefine("machines", options.MachineCount);
        symbols.Predefine("percpu_size", (long)GuestLayout.PerCpuStride);
        foreach (var (name, value) in options.Defines.OrderBy(define => define.Key, StringComparer.Ordinal))
        {
            symbols.Predefine(name, value);
        }
    }

    private static void Read(SourceLoader loader, string path, Preprocessor preprocessor, Diagnostics diagnostics)
    {
        if (loader.Load(path, out var problem) is { } file)
        {
            preprocessor.Run(file);
        }
        else
        {
            diagnostics.Add(path, 1, 1, $"cannot read the guest: {problem}");
            diagnostics.Stop();
        }
    }

    private static AssemblyResult SecondPass(FirstPass firstPass, SymbolTable symbols, Encoder encoder, IReadOnlyList<string> files, Diagnostics diagnostics)
    {
        var pending = firstPass.Text.Instructions;
        var instructions = new Instruction[pending.Count];
        for (var i = 0; i < instructions.Length && !diagnostics.Stopped; i++)
        {
            try
            {
                instructions[i] = pending[i] is { } instruction ? encoder.Encode(instruction) : default;
            }
            catch (StatementException e)
            {
                diagnostics.Add(pending[i]!.Line, e.Position, e.Message);
            }
        }

        var entry = EntryPoint(firstPass, symbols, encoder, files[0], diagnostics);
        if (diagnostics.Any)
        {
            return new(null, diagnostics.InOrder());
        }

        return new(
            new()
            {
                Architecture = firstPass.Dialect.Architecture,
                Instructions = instructions,
                Locations = firstPass.Text.Locations,
                Files = files,
                EntryPoint = entry,
                Counters = encoder.Counters.Names,
                Marks = encoder.Marks.Names,
                Assertions = encoder.Assertions.Names,
                SharedImage = firstPass.Shared.Image,
                SharedBytes = firstPass.Shared.Bytes,
                PerCpuImage = firstPass.PerCpu.Image,
                PerCpuBytes = firstPass.PerCpu.Bytes,
                PerCpuTablePages = firstPass.PerCpu.TablePages,
                Symbols = symbols.Addresses(),
                DrawsRandom = instructions.Any(instruction => instruction.Opcode == Opcode.Random),
            },
            []);
    }

    private static ulong EntryPoint(FirstPass firstPass, SymbolTable symbols, Encoder encoder, string main, Diagnostics diagnostics)
    {
        if (firstPass.Entry is { } entry)
        {
            try
            {
                return encoder.CodeAddress(entry.Expression, entry.Position);
            }
            catch (StatementException e)
            {
                diagnostics.Add(entry.Line, e.Position, e.Message);
                return 0;
            }
        }

        if (symbols.Find(DefaultEntry) is { Kind: SymbolKind.Label } start)
        {
            return (ulong)start.Value;
        }

        diagnostics.Add(main, 1, 1, $"the guest has no entry point: no label '{DefaultEntry}' and no .entry");
        return 0;
    }
}

using Trapline.Actors.Guests;

namespace Trapline.Machines.Assembly;

/// <summary>Gives instructions their addresses. Gaps hold nothing, which executes as "instruction non-existent".</summary>
internal sealed class TextLayout(ulong textBase)
{
    private readonly List<PendingInstruction?> _instructions = [];
    private readonly List<SourceLocation> _locations = [];

    public ulong Address => textBase + ((ulong)_instructions.Count * GuestProgram.InstructionBytes);

    public IReadOnlyList<PendingInstruction?> Instructions => _instructions;

    public SourceLocation[] Locations => [.. _locations];

    public void Add(PendingInstruction instruction)
    {
        if (_instructions.Count == AssemblyLimits.Instructions)
        {
            throw new StatementException(instruction.Position, $"a guest has at most {AssemblyLimits.Instructions:N0} instructions, gaps included");
        }

        _instructions.Add(instruction);
        _locations.Add(Location(instruction.Line));
    }

    /// <summary>For an instruction with an error.</summary>
    public void AddPlaceholder(SourceLine line)
    {
        if (_instructions.Count < AssemblyLimits.Instructions)
        {
            _instructions.Add(null);
            _locations.Add(Location(line));
        }
    }

    /// <summary>Leaves a gap up to an address.</summary>
    public void AdvanceTo(ulong target, SourceLine line, int position)
    {
        if (target % GuestProgram.InstructionBytes != 0)
        {
            throw new StatementException(position, $"0x{target:x} is no multiple of {GuestProgram.InstructionBytes}, the size of an instruction");
        }

        if (target < Address)
        {
            throw new StatementException(position, $"0x{target:x} lies before the current address 0x{Address:x}");
        }

        var end = textBase + ((ulong)AssemblyLimits.Instructions * GuestProgram.InstructionBytes);
        if (target > end)
        {
            throw new StatementException(position, $"0x{target:x} lies behind the last possible address 0x{end:x}");
        }

        var location = Location(line);
        while (Address < target)
        {
            _instructions.Add(null);
            _locations.Add(location);
        }
    }

    private static SourceLocation Location(SourceLine line) => new(line.File.Index, line.Number, line.Text.Trim());
}

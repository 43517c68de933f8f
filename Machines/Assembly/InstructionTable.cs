using Trapline.Machines.Text;

namespace Trapline.Machines.Assembly;

/// <summary>All instructions of one architecture's guests.</summary>
internal sealed class InstructionTable
{
    private readonly string _architecture;
    private readonly ForeignWord[] _foreign;
    private readonly Dictionary<string, InstructionForm> _forms;

    public InstructionTable(string architecture, IEnumerable<InstructionForm> forms, ForeignWord[] foreign)
    {
        _architecture = architecture;
        _foreign = foreign;
        _forms = forms.ToDictionary(form => form.Mnemonic, StringComparer.Ordinal);
    }

    public IEnumerable<InstructionForm> All => _forms.Values;

    public InstructionForm? Find(string mnemonic) => _forms.GetValueOrDefault(mnemonic);

    /// <summary>Why a word is no instruction, and what may have been meant.</summary>
    public string Explain(string word, IEnumerable<string> macros)
    {
        foreach (var (foreign, owner, instead) in _foreign)
        {
            if (word == foreign || word.StartsWith(foreign + ".", StringComparison.Ordinal))
            {
                return $"'{foreign}' belongs to {owner}; this guest is for {_architecture}, which has {instead}";
            }
        }

        return $"unknown instruction or macro {Printable.Quote(word)}{NearestName.Hint(word, _forms.Keys.Concat(macros))}";
    }
}

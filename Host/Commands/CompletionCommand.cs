using System.CommandLine;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands;

/// <summary><c>completion SHELL</c>: a script that asks the program itself what could come next, by the directive <c>[suggest:N]</c>.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # bash completion for trapline. Load it with: source <(trapline completion bash)
        _trapline() {
            local word=${COMP_WORDS[COMP_CWORD]} candidate
            COMPREPLY=()
            # Not with compgen -W, which would execute what a file's name may hold.
            while IFS= read -r candidate; do
                [[ ${candidate} == "${word}"* ]] && COMPREPLY+=("${candidate}")
            done < <(trapline "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
            # A folder is not the end of a word.
            if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]]; then
                compopt -o nospace
            fi
        }
        complete -F _trapline trapline

        """;

    private const string Zsh = """
        #compdef trapline
        # zsh completion for trapline. Load it with: source <(trapline completion zsh)
        _trapline() {
            local -a words folders
            words=("${(@f)$(trapline "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            # A folder is not the end of a word.
            folders=(${(M)words:#*/})
            words=(${words:#*/})
            compadd -- $words
            compadd -S '' -- $folders
        }
        compdef _trapline trapline

        """;

    private const string Fish = """
        # fish completion for trapline. Load it with: trapline completion fish | source
        function __trapline_complete
            set -l line (commandline -cp)
            trapline "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c trapline -f -a '(__trapline_complete)'

        """;

    private static readonly Dictionary<string, string> Scripts = new() { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish };

    public static Command Create(HostConsole console)
    {
        var shell = new Argument<string>("SHELL") { Description = $"One of {string.Join(", ", Scripts.Keys)}" };
        shell.CompletionSources.Add([.. Scripts.Keys]);
        var json = CommonOptions.Json();
        var command = new Command("completion", "Print a script that makes a shell complete commands, options and files.") { shell, json };
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(shell);
            if (!Scripts.TryGetValue(name, out var script))
            {
                throw new CommandException(ExitCodes.Usage, $"there is no completion for {Quoted.Show(name)}{Quoted.Suggest(name, Scripts.Keys)}; there is one for {string.Join(", ", Scripts.Keys)}");
            }

            script = script.ReplaceLineEndings("\n");
            console.Output.Write(parsed.GetValue(json) ? ReportJson.Serialize(new CompletionScript(name, script)) : script);
            return ExitCodes.Done;
        });
        return command;
    }
}

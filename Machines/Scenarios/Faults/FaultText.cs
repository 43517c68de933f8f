using System.Globalization;
using Trapline.Actors.Faults;
using Trapline.Machines.Text;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios.Faults;

/// <summary>
/// Reads a fault from one line, as reports print it: <c>drop LineChange#17 ipi3-&gt;vcpu3</c>,
/// <c>delay IpiSend#2 *-&gt;ipi by 5us</c>. The path may be left out.
/// </summary>
public static class FaultText
{
    private const string Form = "a fault is written KIND MESSAGE#N FROM->TO [by TIME], such as 'drop LineChange#17 ipi3->vcpu3'";

    /// <param name="text">The line.</param>
    /// <param name="problem">What is wrong with it, where the answer is null.</param>
    public static FaultPlan? Parse(string text, out string problem)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        VirtualTime? by = null;
        if (words.Length >= 2 && words[^2] == "by")
        {
            if (!VirtualTime.TryParse(words[^1], out var time) || time == VirtualTime.Zero)
            {
                problem = $"{Quoted.Show(words[^1])} is no duration such as 5us";
                return null;
            }

            by = time;
            words = words[..^2];
        }

        problem = words.Length is 2 or 3 ? "" : Form;
        return problem.Length == 0 ? Plan(words, by, out problem) : null;
    }

    private static FaultPlan? Plan(string[] words, VirtualTime? by, out string problem)
    {
        var message = words[1].Split('#');
        var path = words.Length == 3 ? words[2].Split("->") : [ActorPattern.Anybody, ActorPattern.Anybody];
        problem = "";
        if (!FaultRules.Kinds.Contains(words[0]))
        {
            problem = $"{Quoted.Show(words[0])} is none of {string.Join(", ", FaultRules.Kinds)}{Quoted.Suggest(words[0], FaultRules.Kinds)}";
        }
        else if (!FaultRules.Messages.Contains(message[0]))
        {
            problem = $"there is no message {Quoted.Show(message[0])}{Quoted.Suggest(message[0], FaultRules.Messages)}";
        }
        else if (message.Length != 2 || !int.TryParse(message[1], NumberStyles.None, CultureInfo.InvariantCulture, out var nth) || nth is 0 or > FaultSection.MostNth)
        {
            problem = $"{Quoted.Show(words[1])} does not say which message: {Form}";
        }
        else if (path.Length != 2)
        {
            problem = $"{Quoted.Show(words[2])} is no path: {Form}";
        }
        else if (Actor(path[0], out problem) is { } from && Actor(path[1], out problem) is { } to)
        {
            var (kind, which) = (FaultRules.KindOf(words[0]), Enum.Parse<MessageKind>(message[0]));
            problem = FaultRules.ProblemOf(kind, which, by) ?? "";
            return problem.Length > 0 ? null : new() { Kind = kind, Message = which, From = from, To = to, Nth = nth, By = by ?? VirtualTime.Zero };
        }

        return null;
    }

    private static ActorPattern? Actor(string text, out string problem)
    {
        var actor = FaultRules.Actor(text);
        problem = actor is null ? $"there is no actor {Quoted.Show(text)}{Quoted.Suggest(text, FaultRules.ActorNames(text))}" : "";
        return actor;
    }
}

namespace Atomic.LocalHost.ServiceBus.Filters;

/// <summary>A LIKE pattern: <c>%</c> is any text, <c>_</c> any character, and what follows the escape character is itself. Case matters.</summary>
internal sealed class LikePattern
{
    private readonly List<Step> _steps = [];

    private enum StepKind
    {
        Character,
        AnyCharacter,
        AnyText,
    }

    /// <exception cref="FilterException">The escape is no single character, or escapes nothing.</exception>
    public static LikePattern Parse(string pattern, string? escape)
    {
        if (escape is { Length: not 1 }) throw new FilterException("ESCAPE must be a single character.");
        var like = new LikePattern();
        for (var at = 0; at < pattern.Length; at++)
        {
            if (escape is null || pattern[at] != escape[0])
            {
                like._steps.Add(Step.Of(pattern[at]));
                continue;
            }

            if (++at == pattern.Length) throw new FilterException("A LIKE pattern ends with its escape character.");
            like._steps.Add(new Step(StepKind.Character, pattern[at]));
        }

        return like;
    }

    // On a mismatch only the last % can take one character more; that is enough, since steps before it have matched at their earliest.
    public bool Matches(string text)
    {
        var (at, step, lastAnyText, textAfterIt) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            if (step < _steps.Count && _steps[step].Kind == StepKind.AnyText)
            {
                (lastAnyText, textAfterIt) = (step++, at);
            }
            else if (step < _steps.Count && _steps[step].Takes(text[at]))
            {
                (at, step) = (at + 1, step + 1);
            }
            else if (lastAnyText >= 0)
            {
                (at, step) = (++textAfterIt, lastAnyText + 1);
            }
            else
            {
                return false;
            }
        }

        return _steps.Skip(step).All(rest => rest.Kind == StepKind.AnyText);
    }

    private readonly record struct Step(StepKind Kind, char Character)
    {
        public static Step Of(char character) => character switch
        {
            '%' => new Step(StepKind.AnyText, default),
            '_' => new Step(StepKind.AnyCharacter, default),
            _ => new Step(StepKind.Character, character),
        };

        public bool Takes(char character) => Kind == StepKind.AnyCharacter || (Kind == StepKind.Character && Character == character);
    }
}

using System.Text;

namespace WeightsTools;

/// <summary>Text from files, made safe to show.</summary>
internal static class Printable
{
    /// <summary>Escapes control characters: a tensor's name must neither break a line nor steer the terminal.</summary>
    public static string Text(string text)
    {
        StringBuilder? escaped = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
            {
                escaped ??= new StringBuilder(text, 0, i, text.Length + 8);
                escaped.Append($"\\u{(int)text[i]:x4}");
            }
            else
            {
                escaped?.Append(text[i]);
            }
        }

        return escaped?.ToString() ?? text;
    }
}

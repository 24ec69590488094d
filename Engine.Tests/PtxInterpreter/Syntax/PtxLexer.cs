using System;
using System.Collections.Generic;

namespace Engine.PtxInterpreter;

/// <summary>Cuts PTX text into words (with their dots), numbers and single character marks.</summary>
internal static class PtxLexer
{
    /// <summary>All tokens of a text; the last is the end.</summary>
    public static List<Token> Tokenize(string source)
    {
        List<Token> tokens = [];
        int line = 1;
        int at = 0;
        while (at < source.Length)
        {
            char c = source[at];
            if (c == '\n')
            {
                line++;
                at++;
            }
            else if (char.IsWhiteSpace(c) || c == '\0')
            {
                at++;
            }
            else if (source.AsSpan(at).StartsWith("//"))
            {
                at = IndexOrEnd(source, "\n", at);
            }
            else if (source.AsSpan(at).StartsWith("/*"))
            {
                int end = IndexOrEnd(source, "*/", at);
                line += source.AsSpan(at, end - at).Count('\n');
                at = Math.Min(end + 2, source.Length);
            }
            else if (c == '"')
            {
                int end = IndexOrEnd(source, "\"", at + 1);
                tokens.Add(new Token(TokenKind.Text, source[(at + 1)..end], line));
                at = end + 1;
            }
            else
            {
                int length = char.IsDigit(c) ? NumberLength(source, at) : IsWordStart(c) ? WordLength(source, at) : 1;
                TokenKind kind = char.IsDigit(c) ? TokenKind.Number : IsWordStart(c) ? TokenKind.Word : TokenKind.Mark;
                tokens.Add(new Token(kind, source.Substring(at, length), line));
                at += length;
            }
        }

        tokens.Add(new Token(TokenKind.End, "", line));
        return tokens;
    }

    private static int IndexOrEnd(string source, string text, int from)
    {
        int found = source.IndexOf(text, from, StringComparison.Ordinal);
        return found < 0 ? source.Length : found;
    }

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c is '_' or '$' or '%' or '.';

    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '%' or '.';

    // A double colon belongs to a modifier such as .L1::no_allocate; a single one ends a label.
    private static int WordLength(string source, int start)
    {
        int at = start + 1;
        while (at < source.Length)
        {
            if (IsWordPart(source[at]))
            {
                at++;
            }
            else if (at + 2 < source.Length && source[at] == ':' && source[at + 1] == ':')
            {
                at += 2;
            }
            else
            {
                break;
            }
        }

        return at - start;
    }

    private static int NumberLength(string source, int start)
    {
        int at = start + 1;
        while (at < source.Length)
        {
            char c = source[at];
            bool exponentSign = c is '+' or '-' && source[at - 1] is 'e' or 'E' && !source.AsSpan(start).StartsWith("0");
            if (char.IsAsciiLetterOrDigit(c) || c == '.' || exponentSign)
            {
                at++;
            }
            else
            {
                break;
            }
        }

        return at - start;
    }
}

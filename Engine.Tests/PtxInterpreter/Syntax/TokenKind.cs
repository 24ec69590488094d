namespace Engine.PtxInterpreter;


/// <summary>What a <see cref="Token"/> is: a word with its dots, a number, quoted text, a single mark, or the end of the text.</summary>
internal enum TokenKind
{
    Word, Number, Text, Mark, End,
}

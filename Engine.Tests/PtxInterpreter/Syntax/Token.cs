namespace Engine.PtxInterpreter;


/// <summary>A piece of PTX text.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Line)
{
    /// <summary>Whether this is the given word or mark; quoted text never is.</summary>
    public bool Is(string text) => Kind != TokenKind.Text && Text == text;
}

using ILGPU;

namespace Engine.Kernels.Device;

/// <summary>One head of one sequence in an operand: a row of <see cref="Columns"/> numbers per token.</summary>
internal struct HeadRows
{
    public ArrayView<float> Elements;

    /// <summary>Where the first token's row begins.</summary>
    public long First;
    public int Stride;
    public int Tokens;
    public int Columns;

    /// <summary>Four neighbouring numbers of a token; zero for what there is not.</summary>
    public static Float4 Load<TAccess>(HeadRows rows, int token, int column)
        where TAccess : struct, IRowAccess =>
        TAccess.Load(rows.Elements, IndexOf(rows, token, column), token < rows.Tokens ? rows.Columns - column : 0);

    /// <summary>Four neighbouring numbers of a token, loaded without a branch, so that several loads are under way at the same time; for
    /// what there is not, those of another token or other columns. There is at least one token.</summary>
    public static Float4 LoadAlways<TAccess>(HeadRows rows, int token, int column)
        where TAccess : struct, IRowAccess => TAccess.LoadAlways(rows, IntrinsicMath.Min(token, rows.Tokens - 1), column);

    /// <summary>Writes four neighbouring numbers of a token, as far as they exist.</summary>
    public static void Store<TAccess>(HeadRows rows, int token, int column, Float4 value)
        where TAccess : struct, IRowAccess =>
        TAccess.Store(rows.Elements, IndexOf(rows, token, column), value, token < rows.Tokens ? rows.Columns - column : 0);

    private static long IndexOf(HeadRows rows, int token, int column) => rows.First + ((long)token * rows.Stride) + column;
}

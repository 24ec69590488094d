using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Engine.Kernels.Device;

namespace Engine.Tests;

/// <summary>
/// Writes the warp instructions of attention on tensor cores: inline PTX over registers with names, as in
/// <see cref="TensorTileGenerator"/>. sc and gr are sixteen rows by <see cref="TensorAttention.TileTokens"/> scores and their gradients; sv
/// and sg the sums of rows weighted with them; ra and rb the fragments of a warp's own rows. A tile of sums is four registers: two
/// neighbours of row lane / 4, then the same of row lane / 4 + 8.
/// </summary>
internal sealed class TensorAttentionGenerator
{
    private const string Folder = "Engine.Kernels/Device/Kernels/Attention/Tensor";
    private const int StepColumns = 8;
    private const int Sums = 4;
    private const int ScoreTiles = TensorAttention.TileTokens / StepColumns;
    private const int Scores = Sums * ScoreTiles;
    private const int SumTiles = TensorAttention.Columns / StepColumns;
    private const string AllLanes = "0xffffffff";
    private const string Zero = "0f00000000";
    private const string One = "0f3F800000";
    private const string MinusInfinity = "0fFF800000";
    private const string Reads = "AttentionReads reads";

    private static readonly string[] Fragments = ["reads.First", "reads.Second", "reads.Third", "reads.Fourth"];

    private readonly StringBuilder _text = new();
    private readonly bool _isBFloat16;

    private TensorAttentionGenerator(bool isBFloat16) => _isBFloat16 = isBFloat16;

    private int Pitch => TensorAttention.Columns * (_isBFloat16 ? 2 : 4);

    // Depth of one instruction: 32 bytes in both formats.
    private int RowSteps => Pitch / TensorGemm.StepBytes;

    /// <summary>Paths, from the solution's directory, and contents of the generated files.</summary>
    public static IEnumerable<(string Path, string Text)> Files() =>
    [
        ($"{Folder}/TensorScores.g.cs", new TensorAttentionGenerator(false).GenerateScores()),
        ($"{Folder}/BFloat16Attention.g.cs", new TensorAttentionGenerator(true).GenerateFormat()),
        ($"{Folder}/TensorFloat32Attention.g.cs", new TensorAttentionGenerator(false).GenerateFormat()),
    ];

    private string GenerateFormat()
    {
        AppendHeader(
            $"Attention on operands in {(_isBFloat16 ? "BF16, m16n8k16" : "TF32, m16n8k8")}.",
            $"internal readonly struct {(_isBFloat16 ? "BFloat16" : "TensorFloat32")}Attention : IAttentionFormat");
        _text.Append(CultureInfo.InvariantCulture, $$"""
                public static string Name => "{{(_isBFloat16 ? "bf16" : "tf32")}}";

                public static int ElementBytes => {{(_isBFloat16 ? 2 : 4)}};

                public static int Groups => {{(_isBFloat16 ? 2 : 1)}};

            """);
        AppendMethod(
            "Declare()",
            [$".reg .b32 ra<{Sums * RowSteps}>;", $".reg .b32 rb<{Sums * RowSteps}>;", ".reg .b32 fb<4>;", $".reg .b32 pa<{Scores}>;",
                ".reg .b32 od<4>;"]);
        AppendMethod("Store(uint address, Float4 numbers)", RoundedNumbers(), "address", "numbers.X", "numbers.Y", "numbers.Z", "numbers.W");
        AppendMethod($"LoadFirst({Reads})", RowFragments("ra"), Fragments);
        AppendMethod($"LoadSecond({Reads})", RowFragments("rb"), Fragments);
        AppendMethod($"MultiplyFirst({Reads})", ProductsWithRows("sc", "ra", 0), Fragments);
        AppendMethod($"MultiplySecond({Reads})", ProductsWithRows("gr", "rb", 1), Fragments);
        AppendMethod($"AddScores({Reads})", WeightedRows("sv", "sc", 1), WeightedReads());
        AppendMethod($"AddGradients({Reads})", WeightedRows("sg", "gr", 0), WeightedReads());
        return End();
    }

    private string[] WeightedReads() => _isBFloat16
        ? Fragments
        : ["reads.Element0", "reads.Element1", "reads.Element2", "reads.Element3", "reads.ToOdd"];

    private IEnumerable<string> RoundedNumbers() => _isBFloat16
        ?
        [
            "cvt.rn.bf16x2.f32 fb0, %2, %1;", "cvt.rn.bf16x2.f32 fb1, %4, %3;", "st.shared.v2.b32 [%0], {fb0,fb1};",
        ]
        :
        [
            .. Enumerable.Range(0, 4).Select(static i => $"cvt.rna.tf32.f32 fb{i}, %{i + 1};"),
            "st.shared.v4.b32 [%0], {fb0,fb1,fb2,fb3};",
        ];

    private IEnumerable<string> RowFragments(string name) => Enumerable.Range(0, RowSteps).Select(step =>
        $"ldmatrix.sync.aligned.m8n8.x4.shared.b16 {Registers(name, Sums * step, Sums)}, {Step(step, 0)};");

    /// <summary>Rows times the tile's rows: matrices come as for A, so that of two instructions' B the first halves come first.</summary>
    private IEnumerable<string> ProductsWithRows(string sums, string rows, int tile) =>
        from step in Enumerable.Range(0, RowSteps)
        from pair in Enumerable.Range(0, ScoreTiles / 2)
        let a = Registers(rows, Sums * step, Sums)
        from line in new[]
        {
            $"ldmatrix.sync.aligned.m8n8.x4.shared.b16 {{fb0,fb2,fb1,fb3}}, {Step(step, TileOffset(tile) + (pair * 16 * Pitch))};",
            Product(sums, 2 * pair, a, "{fb0,fb1}", step == 0),
            Product(sums, (2 * pair) + 1, a, "{fb2,fb3}", step == 0),
        }
        select line;

    private string[] WeightedRows(string sums, string weights, int tile) =>
        _isBFloat16 ? WeightedPairs(sums, weights, tile) : WeightedElements(sums, weights, tile);

    /// <summary>Neighbours of a sum are neighbours in k.</summary>
    private string[] WeightedPairs(string sums, string weights, int tile) =>
    [
        .. Enumerable.Range(0, Scores / 2).Select(i => $"cvt.rn.bf16x2.f32 pa{i}, {weights}{(2 * i) + 1}, {weights}{2 * i};"),
        .. from step in Enumerable.Range(0, ScoreTiles / 2)
           from pair in Enumerable.Range(0, SumTiles / 2)
           let a = Registers("pa", Sums * step, Sums)
           from line in new[]
           {
               "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {fb0,fb1,fb2,fb3}, "
                   + $"{Step(pair, TileOffset(tile) + (step * 16 * Pitch))};",
               Product(sums, 2 * pair, a, "{fb0,fb1}", false),
               Product(sums, (2 * pair) + 1, a, "{fb2,fb3}", false),
           }
           select line,
    ];

    /// <summary>A lane has neighbours of a row of weights, but an instruction's k are four apart: it takes the even ones of two tiles of
    /// weights as its eight k, then the odd ones.</summary>
    private string[] WeightedElements(string sums, string weights, int tile) =>
    [
        .. Enumerable.Range(0, Scores).Select(i => $"cvt.rna.tf32.f32 pa{i}, {weights}{i};"),
        .. Enumerable.Range(0, 4).Select(static i => $"add.u32 od{i}, %{i}, %4;"),
        .. from pair in Enumerable.Range(0, ScoreTiles / 2)
           from odd in Enumerable.Range(0, 2)
           let first = (2 * Sums * pair) + odd
           from column in Enumerable.Range(0, SumTiles)
           let address = odd == 0 ? $"%{column % 4}" : $"od{column % 4}"
           let offset = TileOffset(tile) + (pair * 16 * Pitch) + (column / 4 * 128)
           from line in new[]
           {
               $"ld.shared.b32 fb0, [{address}{Plus(offset)}];",
               $"ld.shared.b32 fb1, [{address}{Plus(offset + (8 * Pitch))}];",
               Product(sums, column, $"{{pa{first},pa{first + 2},pa{first + 4},pa{first + 6}}}", "{fb0,fb1}", false),
           }
           select line,
    ];

    private string Product(string sums, int tile, string a, string b, bool isFirst)
    {
        string type = _isBFloat16 ? "m16n8k16.row.col.f32.bf16.bf16.f32" : "m16n8k8.row.col.f32.tf32.tf32.f32";
        string d = Registers(sums, Sums * tile, Sums);
        return $"mma.sync.aligned.{type} {d}, {a}, {b}, {(isFirst ? "{o,o,o,o}" : d)};";
    }

    private int TileOffset(int tile) => tile * TensorAttention.TileTokens * Pitch;

    // 32 bytes of rows: four addresses, then the same 128 bytes on.
    private static string Step(int step, int offset) => $"[%{step % 4}{Plus(offset + (step / 4 * 128))}]";

    private string GenerateScores()
    {
        AppendHeader(
            "What happens to the scores of sixteen rows between products on tensor cores, in float32; the same for all formats.",
            "internal static class TensorScores");
        AppendMethod(
            "/// <summary>Declares registers and sets sums to zero, maxima to minus infinity. Once per kernel.</summary>",
            "Declare()",
            [
                $".reg .f32 sc<{Scores}>;", $".reg .f32 gr<{Scores}>;", $".reg .f32 sv<{Sums * SumTiles}>;",
                $".reg .f32 sg<{Sums * SumTiles}>;", ".reg .f32 o;", ".reg .f32 shift<2>;", ".reg .f32 sum<2>;", ".reg .f32 t<6>;",
                ".reg .b32 k<2>;", ".reg .pred p<2>;", $"mov.f32 o, {Zero};",
                .. Enumerable.Range(0, 2).SelectMany(static i => new[] { $"mov.f32 shift{i}, {MinusInfinity};", $"mov.f32 sum{i}, {Zero};" }),
                .. Enumerable.Range(0, Sums * SumTiles).SelectMany(static i => new[] { $"mov.f32 sv{i}, {Zero};", $"mov.f32 sg{i}, {Zero};" }),
            ]);
        AppendMethod(
            "/// <summary>Replaces scores of column j by a number where what memory has of j is greater than what is given of the row.</summary>",
            "Mask(uint address, int first, int second, float hidden)",
            Enumerable.Range(0, ScoreTiles).SelectMany(static tile => (string[])
            [
                $"ld.shared.v2.b32 {{k0,k1}}, [%0{Plus(tile * StepColumns * 4)}];",
                .. Enumerable.Range(0, Sums).SelectMany(i => new[]
                {
                    $"setp.le.s32 p0, k{i % 2}, %{1 + (i / 2)};",
                    $"selp.f32 sc{(Sums * tile) + i}, sc{(Sums * tile) + i}, %3, p0;",
                }),
            ]),
            "address", "first", "second", "hidden");
        AppendMethod(
            "/// <summary>One step of the softmax of rows: from inner products to powers of two; all sums are rescaled if a shift grew.</summary>",
            "Softmax(float scale)", Softmax(), "scale");
        AppendMethod(
            "/// <summary>2^(scale * product + the row's number).</summary>",
            "ProbabilitiesOfRows(float scale, float first, float second)",
            Enumerable.Range(0, Scores).SelectMany(static i => Exponential(i, $"%{1 + (i / 2 % 2)}")), "scale", "first", "second");
        AppendMethod(
            "/// <summary>2^(scale * product + the number that memory has of the column).</summary>",
            "ProbabilitiesOfColumns(uint address, float scale)",
            Enumerable.Range(0, ScoreTiles).SelectMany(static tile => (string[])
            [
                $"ld.shared.v2.f32 {{t0,t1}}, [%0{Plus(tile * StepColumns * 4)}];",
                .. Enumerable.Range(0, Sums).SelectMany(i => Exponential((Sums * tile) + i, $"t{i % 2}", "%1")),
            ]),
            "address", "scale");
        AppendMethod(
            "/// <summary>Gradients of scores: probability * (its gradient - the row's number).</summary>",
            "GradientsOfRows(float first, float second)",
            Enumerable.Range(0, Scores).SelectMany(static i => Gradient(i, $"%{i / 2 % 2}")), "first", "second");
        AppendMethod(
            "/// <summary>Gradients of scores: probability * (its gradient - the number that memory has of the column).</summary>",
            "GradientsOfColumns(uint address)",
            Enumerable.Range(0, ScoreTiles).SelectMany(static tile => (string[])
            [
                $"ld.shared.v2.f32 {{t0,t1}}, [%0{Plus(tile * StepColumns * 4)}];",
                .. Enumerable.Range(0, Sums).SelectMany(i => Gradient((Sums * tile) + i, $"t{i % 2}")),
            ]),
            "address");
        AppendMethod(
            "/// <summary>Writes the shifts of the softmax of rows to memory, and its sums behind those of all rows.</summary>",
            "StoreSoftmax(uint address, int isFirstOfRow)",
            [
                .. Enumerable.Range(0, 2).SelectMany(static row => AcrossRow("add", $"sum{row}")),
                "setp.ne.s32 p0, %1, 0;",
                .. Enumerable.Range(0, 2).SelectMany(static row => new[]
                {
                    $"@p0 st.shared.f32 [%0{Plus(row * 32)}], shift{row};",
                    $"@p0 st.shared.f32 [%0{Plus((row * 32) + (TensorAttention.Rows * 4))}], sum{row};",
                }),
            ],
            "address", "isFirstOfRow");
        AppendHandOver("/// <summary>Writes half of the columns of sums weighted with scores to memory.</summary>", "HandOverOfScores", "sv");
        AppendHandOver(
            "/// <summary>Writes half of the columns of sums weighted with gradients to memory.</summary>", "HandOverOfGradients", "sg");
        return End();
    }

    private static IEnumerable<string> Softmax()
    {
        for (int row = 0; row < 2; row++)
        {
            string[] scores = [.. Enumerable.Range(0, Scores).Where(i => i / 2 % 2 == row).Select(static i => $"sc{i}")];
            yield return $"max.f32 t{row}, {scores[0]}, {scores[1]};";
            foreach (string score in scores.Skip(2))
            {
                yield return $"max.f32 t{row}, t{row}, {score};";
            }

            foreach (string line in AcrossRow("max", $"t{row}"))
            {
                yield return line;
            }

            // The shift grows by whole numbers: rescaling is exact, and seldom.
            yield return $"mul.f32 t{row}, t{row}, %0;";
            yield return $"cvt.rpi.f32.f32 t{row}, t{row};";
            yield return $"max.f32 t{row}, t{row}, shift{row};";
            yield return $"setp.gt.f32 p0, t{row}, {MinusInfinity};";
            yield return $"selp.f32 t{2 + row}, t{row}, {Zero}, p0;";
            yield return $"sub.f32 t{4 + row}, shift{row}, t{2 + row};";
            yield return $"ex2.approx.ftz.f32 t{4 + row}, t{4 + row};";
            yield return $"mov.f32 shift{row}, t{row};";
            yield return $"neg.f32 t{2 + row}, t{2 + row};";
        }

        yield return $"setp.neu.f32 p0, t4, {One};";
        yield return $"setp.neu.or.f32 p0, t5, {One}, p0;";
        yield return $"vote.sync.any.pred p1, p0, {AllLanes};";
        yield return "@!p1 bra.uni SumsAreScaled;";
        for (int i = 0; i < Sums * SumTiles; i++)
        {
            yield return $"mul.f32 sv{i}, sv{i}, t{4 + (i / 2 % 2)};";
        }

        yield return "mul.f32 sum0, sum0, t4;";
        yield return "mul.f32 sum1, sum1, t5;";
        yield return "SumsAreScaled:";
        for (int i = 0; i < Scores; i++)
        {
            foreach (string line in Exponential(i, $"t{2 + (i / 2 % 2)}"))
            {
                yield return line;
            }

            yield return $"add.f32 sum{i / 2 % 2}, sum{i / 2 % 2}, sc{i};";
        }
    }

    private static string[] Exponential(int score, string addend, string scale = "%0") =>
        [$"fma.rn.f32 sc{score}, sc{score}, {scale}, {addend};", $"ex2.approx.ftz.f32 sc{score}, sc{score};"];

    private static string[] Gradient(int score, string delta) =>
        [$"sub.f32 gr{score}, gr{score}, {delta};", $"mul.f32 gr{score}, gr{score}, sc{score};"];

    /// <summary>Over the four lanes that share a row.</summary>
    private static IEnumerable<string> AcrossRow(string operation, string register) => new[] { 1, 2 }.SelectMany(distance => new[]
    {
        $"shfl.sync.bfly.b32 k0, {register}, {distance}, 31, {AllLanes};",
        "mov.b32 t5, k0;",
        $"{operation}.f32 {register}, {register}, t5;",
    });

    private void AppendHandOver(string summary, string name, string sums)
    {
        const int HalfTiles = SumTiles / 2;
        _text.Append(
            CultureInfo.InvariantCulture,
            $"\n    {summary}\n    public static void {name}(int half, AttentionHandover handover)\n    {{\n");
        for (int half = 0; half < 2; half++)
        {
            _text.Append(half == 0 ? "        if (half == 0)\n        {\n" : "        else\n        {\n");
            AppendEmit(
                from tile in Enumerable.Range(0, HalfTiles)
                from row in Enumerable.Range(0, 2)
                let first = (Sums * ((half * HalfTiles) + tile)) + (2 * row)
                select $"st.shared.v2.f32 [%{tile}{Plus(row * 8 * TensorAttention.HandoverBytes)}], {Registers(sums, first, 2)};",
                "            ",
                ["handover.First", "handover.Second", "handover.Third", "handover.Fourth"]);
            _text.Append("        }\n");
        }

        _text.Append("    }\n");
    }

    private void AppendHeader(string summary, string declaration) => _text.Append(CultureInfo.InvariantCulture, $$"""
        // Generated by Engine.Tests/Generated/TensorAttentionGenerator.cs.
        // Do not edit; run the test GemmTileGeneratorTests with FUSION_REGENERATE=1 to write it anew.
        #nullable enable
        using ILGPU.Runtime.Cuda;

        namespace Engine.Kernels.Device;

        /// <summary>{{summary}}</summary>
        {{declaration}}
        {

        """);

    private string End() => _text.Append("}\n").ToString().Replace("{\n\n", "{\n", System.StringComparison.Ordinal);

    private void AppendMethod(string signature, IEnumerable<string> lines, params string[] arguments) =>
        AppendMethod("", signature, lines, arguments);

    private void AppendMethod(string summary, string signature, IEnumerable<string> lines, params string[] arguments)
    {
        string documentation = summary.Length == 0 ? "" : $"    {summary}\n";
        _text.Append(CultureInfo.InvariantCulture, $"\n{documentation}    public static void {signature}\n    {{\n");
        AppendEmit(lines, "        ", arguments);
        _text.Append("    }\n");
    }

    private void AppendEmit(IEnumerable<string> lines, string indent, string[] arguments)
    {
        string text = string.Join($"\\n\\t\"\n{indent}    + \"", lines);
        string rest = string.Concat(arguments.Select(argument => $",\n{indent}    {argument}"));
        _text.Append(CultureInfo.InvariantCulture, $"{indent}CudaAsm.Emit(\n{indent}    \"{text}\"{rest});\n");
    }

    private static string Registers(string name, int first, int count) =>
        $"{{{string.Join(',', Enumerable.Range(first, count).Select(i => $"{name}{i}"))}}}";

    private static string Plus(int offset) => offset == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"+{offset}");
}

using System;
using System.Linq;
using Engine.PtxInterpreter;
using Xunit;

namespace Engine.Tests;


/// <summary>Tensor core instructions against fragment tables of the PTX manual, each element written out by its lane and index.</summary>
public sealed class PtxTensorTests
{
    private const string LoadMatrices = """
        shl.b32 %r20, %r1, 4; cvt.u64.u32 %rd8, %r20; add.u64 %rd7, %rd1, %rd8;
        .shared .align 16 .b8 s[512]; mov.u32 %r2, s; shl.b32 %r3, %r1, 4; add.u32 %r4, %r2, %r3;
        ld.global.v4.u32 {%r5,%r6,%r7,%r8}, [%rd7]; st.shared.v4.u32 [%r4], {%r5,%r6,%r7,%r8}; bar.sync 0;
        ldmatrix.sync.aligned.m8n8.x4TRANS.shared.b16 {%r10,%r11,%r12,%r13}, [%r4];
        st.global.u32 [%rd5], %r10; st.global.u32 [%rd5+128], %r11; st.global.u32 [%rd5+256], %r12; st.global.u32 [%rd5+384], %r13;
        """;

    [Theory]
    [InlineData(16, "bf16")]
    [InlineData(16, "f16")]
    [InlineData(8, "bf16")]
    [InlineData(8, "f16")]
    [InlineData(8, "tf32")]
    [InlineData(4, "tf32")]
    public void Multiply_SmallNumbers_IsExact(int depth, string type)
    {
        Random random = new(depth);
        float[,] a = Matrix(random, 16, depth);
        float[,] b = Matrix(random, depth, 8);
        int leftRegisters = 16 * depth / 32 / (type == "tf32" ? 1 : 2);

        (uint[] output, _) = PtxBody.Run(Body(depth, type, leftRegisters), Fragments(a, b, type, leftRegisters), outputs: 128);

        for (int lane = 0; lane < 32; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                float sum = 1;
                for (int k = 0; k < depth; k++)
                {
                    sum += a[(lane / 4) + (i < 2 ? 0 : 8), k] * b[k, (lane % 4 * 2) + (i & 1)];
                }

                Assert.Equal(sum, BitConverter.UInt32BitsToSingle(output[(i * 32) + lane]));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LoadMatrix_FourMatrices_HaveTheirLayout(bool transposed)
    {
        uint[] packed = PtxBody.Threads(i => (2 * i) | ((2 * i) + 1) << 16, 128);

        (uint[] output, LaunchReport report) = PtxBody.Run(
            LoadMatrices.Replace("TRANS", transposed ? ".trans" : "", StringComparison.Ordinal), packed, outputs: 128);

        Assert.Empty(report.Findings);
        Assert.Equal(PtxBody.Threads(i => Expected(i / 32, i % 32, transposed), 128), output);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".trans")]
    public void StoreMatrix_AfterLoad_IsItsInverse(string transposed)
    {
        PtxDevice device = new();
        string body = LoadMatrices.Replace("TRANS", transposed, StringComparison.Ordinal) + $$"""
            .shared .align 16 .b8 t[512]; mov.u32 %r15, t; add.u32 %r16, %r15, %r3;
            stmatrix.sync.aligned.m8n8.x4{{transposed}}.shared.b16 [%r16], {%r10,%r11,%r12,%r13}; bar.sync 0;
            ld.shared.v4.u32 {%r5,%r6,%r7,%r8}, [%r16];
            add.u64 %rd9, %rd2, %rd8; st.global.v4.u32 [%rd9], {%r5,%r6,%r7,%r8};
            """;
        CompiledKernel kernel = PtxBody.Compile(device, body, target: "sm_90");
        uint[] packed = PtxBody.Threads(i => (2 * i) | ((2 * i) + 1) << 16, 128);
        ulong input = device.Memory.Upload<uint>(packed);
        ulong output = device.Memory.Allocate(512);

        device.Run(kernel, new Dim3(1), new Dim3(32), new LaunchOptions(), 0, input, output);

        Assert.Equal(packed, device.Memory.Download<uint>(output));
    }

    private static uint Expected(uint matrix, uint lane, bool transposed)
    {
        uint Element(uint row, uint column) => (matrix * 64) + (row * 8) + column;
        uint line = lane / 4;
        uint along = lane % 4 * 2;
        return transposed
            ? Element(along, line) | Element(along + 1, line) << 16
            : Element(line, along) | Element(line, along + 1) << 16;
    }

    private static float[,] Matrix(Random random, int rows, int columns)
    {
        float[,] matrix = new float[rows, columns];
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i / columns, i % columns] = random.Next(-16, 17) / 8f;
        }

        return matrix;
    }

    // The words of all lanes, register by register: those of A, then those of B.
    private static uint[] Fragments(float[,] a, float[,] b, string type, int leftRegisters)
    {
        bool wide = type == "tf32";
        int perRegister = wide ? 1 : 2;
        uint[] words = new uint[32 * (leftRegisters + (leftRegisters / 2))];
        for (int lane = 0; lane < 32; lane++)
        {
            int group = lane >> 2;
            int place = lane & 3;
            for (int i = 0; i < leftRegisters * perRegister; i++)
            {
                int row = (wide ? i is 0 or 2 : i is 0 or 1 or 4 or 5) ? group : group + 8;
                int column = wide ? place + (i >= 2 ? 4 : 0) : (place * 2) + (i & 1) + (i >= 4 ? 8 : 0);
                words[(i / perRegister * 32) + lane] |= Encode(a[row, column], type) << (i % perRegister * 16);
            }

            for (int i = 0; i < leftRegisters / 2 * perRegister; i++)
            {
                int row = wide ? place + (i >= 1 ? 4 : 0) : (place * 2) + (i & 1) + (i >= 2 ? 8 : 0);
                words[((leftRegisters + (i / perRegister)) * 32) + lane] |= Encode(b[row, group], type) << (i % perRegister * 16);
            }
        }

        return words;
    }

    private static uint Encode(float value, string type) => type switch
    {
        "bf16" => BitConverter.SingleToUInt32Bits(value) >> 16,
        "f16" => BitConverter.HalfToUInt16Bits((Half)value),
        _ => BitConverter.SingleToUInt32Bits(value),
    };

    private static string Body(int depth, string type, int leftRegisters)
    {
        string loads = string.Concat(
            Enumerable.Range(0, leftRegisters * 3 / 2).Select(r => $"ld.global.b32 %r{r + 8}, [%rd4+{r * 128}];"));
        string a = Registers(8, leftRegisters);
        string b = Registers(8 + leftRegisters, leftRegisters / 2);
        return $$"""
            {{loads}} mov.f32 %f1, 0f3F800000;
            mma.sync.aligned.m16n8k{{depth}}.row.col.f32.{{type}}.{{type}}.f32 {%f2,%f3,%f4,%f5}, {{a}}, {{b}}, {%f1,%f1,%f1,%f1};
            st.global.f32 [%rd5], %f2; st.global.f32 [%rd5+128], %f3; st.global.f32 [%rd5+256], %f4; st.global.f32 [%rd5+384], %f5;
            """;
    }

    private static string Registers(int first, int count) =>
        "{" + string.Join(",", Enumerable.Range(first, count).Select(r => $"%r{r}")) + "}";
}

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Xunit;

namespace Engine.Tests;


/// <summary>Instructions of single threads, from %r2 (and %f1, the same bits) to %r3.</summary>
public sealed class PtxArithmeticTests
{
    private const uint Untouched = 77;

    private static readonly uint[] Words = PtxBody.Threads(i => i * 0x9E3779B9u);

    private static readonly uint[] Floats = PtxBody.Threads(i => Bits(MathF.Sin(i * 1.7f) * MathF.Pow(10, i % 7)));

    private static readonly Dictionary<string, (string Body, Func<uint, uint> Expected)> OnWords = new()
    {
        ["add.s32"] = ("add.s32 %r3, %r2, 0x87654321;", x => x + 0x87654321),
        ["sub.s32"] = ("sub.s32 %r3, 5, %r2;", x => 5 - x),
        ["add.sat.s32"] = ("add.sat.s32 %r3, %r2, 0x70000000;", x => (uint)(int)Math.Min((long)(int)x + 0x70000000, int.MaxValue)),
        ["mul.lo.s32"] = ("mul.lo.s32 %r3, %r2, %r2;", x => x * x),
        ["mul.lo.s64"] = (Wide("mul.lo.s64 %rd6, %rd6, %rd6; shr.u64 %rd6, %rd6, 32;"), x => (uint)((long)(int)x * (int)x >> 32)),
        ["mul.hi.s32"] = ("mul.hi.s32 %r3, %r2, 123456789;", x => (uint)((long)(int)x * 123456789 >> 32)),
        ["mul.hi.u32"] = ("mul.hi.u32 %r3, %r2, 3123456789;", x => (uint)((ulong)x * 3123456789 >> 32)),
        ["mul.wide.s32"] = (Narrow("mul.wide.s32 %rd6, %r2, -3; shr.s64 %rd6, %rd6, 8;"), x => (uint)((long)(int)x * -3 >> 8)),
        ["mul.wide.u32"] = (Narrow("mul.wide.u32 %rd6, %r2, 3000000000; shr.u64 %rd6, %rd6, 20;"), x => (uint)(x * 3000000000UL >> 20)),
        ["mul.wide.s16"] = ("cvt.u16.u32 %h1, %r2; mul.wide.s16 %r3, %h1, -5;", x => (uint)((short)x * -5)),
        ["mad.lo.s32"] = ("mad.lo.s32 %r3, %r2, 7, %r1;", x => x * 7),
        ["mad.wide.s32"] = (Narrow("mad.wide.s32 %rd6, %r2, -3, 1000; shr.s64 %rd6, %rd6, 8;"), x => (uint)(((long)(int)x * -3) + 1000 >> 8)),
        ["div.s32"] = ("div.s32 %r3, %r2, -7;", x => (uint)((int)x / -7)),
        ["div.u32"] = ("div.u32 %r3, %r2, 7;", x => x / 7),
        ["rem.s32"] = ("rem.s32 %r3, %r2, 13;", x => (uint)((int)x % 13)),
        ["min.s32"] = ("min.s32 %r3, %r2, -9;", x => (uint)Math.Min((int)x, -9)),
        ["max.u32"] = ("max.u32 %r3, %r2, 0x80000000;", x => Math.Max(x, 0x80000000)),
        ["abs.s32"] = ("abs.s32 %r3, %r2;", x => (uint)Math.Abs((long)(int)x)),
        ["neg.s32"] = ("neg.s32 %r3, %r2;", x => 0 - x),
        ["not.b32"] = ("not.b32 %r3, %r2;", x => ~x),
        ["and.b32"] = ("and.b32 %r3, %r2, 0x0ff0f00f;", x => x & 0x0ff0f00f),
        ["or.b32"] = ("or.b32 %r3, %r2, 0x0ff0f00f;", x => x | 0x0ff0f00f),
        ["xor.b32"] = ("xor.b32 %r3, %r2, 0x0ff0f00f;", x => x ^ 0x0ff0f00f),
        ["shr.s32"] = ("shr.s32 %r3, %r2, 5;", x => (uint)((int)x >> 5)),
        ["shr.s32 too far"] = ("shr.s32 %r3, %r2, 40;", x => (uint)((int)x >> 31)),
        ["shr.s32 much too far"] = ("shr.s32 %r3, %r2, 100;", x => (uint)((int)x >> 31)),
        ["shr.u32"] = ("shr.u32 %r3, %r2, 5;", x => x >> 5),
        ["shr.u32 too far"] = ("shr.u32 %r3, %r2, 32;", _ => 0),
        ["shr.s64"] = (Wide("shr.s64 %rd6, %rd6, 9;"), x => (uint)((long)(int)x >> 9)),
        ["shr.s64 too far"] = (Wide("shr.s64 %rd6, %rd6, 64;"), x => (uint)((int)x >> 31)),
        ["shr.u64"] = (Wide("shr.u64 %rd6, %rd6, 33;"), x => (uint)((ulong)(long)(int)x >> 33)),
        ["shl.b32"] = ("shl.b32 %r3, %r2, 3;", x => x << 3),
        ["shl.b32 too far"] = ("shl.b32 %r3, %r2, 32;", _ => 0),
        ["shl.b64"] = (Wide("shl.b64 %rd6, %rd6, 40; shr.u64 %rd6, %rd6, 32;"), x => x << 8),
        ["shl.b64 too far"] = (Wide("shl.b64 %rd6, %rd6, 64;"), _ => 0),
        ["shf.l.wrap"] = ("shf.l.wrap.b32 %r3, %r2, %r2, 9;", x => BitOperations.RotateLeft(x, 9)),
        ["bfe.s32"] = ("bfe.s32 %r3, %r2, 5, 9;", x => (uint)((int)(x << 18) >> 23)),
        ["bfe.u32"] = ("bfe.u32 %r3, %r2, 5, 9;", x => x >> 5 & 0x1FF),
        ["bfi.b32"] = ("bfi.b32 %r3, %r2, 0xffffffff, 8, 4;", x => 0xFFFFF0FF | (x & 15) << 8),
        ["lop3"] = ("lop3.b32 %r3, %r2, 0x0ff0, 0x1234, 0x96;", x => x ^ 0x0ff0 ^ 0x1234),
        ["prmt"] = ("prmt.b32 %r3, %r2, 0, 0x0123;", BinaryPrimitives.ReverseEndianness),
        ["clz"] = ("clz.b32 %r3, %r2;", x => (uint)BitOperations.LeadingZeroCount(x)),
        ["popc"] = ("popc.b32 %r3, %r2;", x => (uint)BitOperations.PopCount(x)),
        ["brev"] = ("brev.b32 %r3, %r2; brev.b32 %r3, %r3;", x => x),
        ["cvt.s32.s16"] = ("cvt.s32.s16 %r3, %r2;", x => (uint)(short)x),
        ["cvt.u32.u8"] = ("cvt.u32.u8 %r3, %r2;", x => x & 255),
        ["cvt.sat.s16.s32"] = ("cvt.sat.s16.s32 %r3, %r2;", x => (uint)Math.Clamp((int)x, short.MinValue, short.MaxValue)),
        ["mov to and from halves"] = ("mov.b32 {%h1, %h2}, %r2; mov.b32 %r3, {%h2, %h1};", x => BitOperations.RotateLeft(x, 16)),
        ["setp.lo and selp"] = ("setp.lo.u32 %p1, %r2, 0x80000000; selp.b32 %r3, 1, 2, %p1;", x => x < 0x80000000 ? 1u : 2),
        ["setp with inverse"] = ("setp.gt.s32 %p1|%p2, %r2, 9; selp.b32 %r3, 1, 2, %p2;", x => (int)x > 9 ? 2u : 1),
        ["setp.and"] = (
            "setp.gt.s32 %p2, %r2, 0; setp.lt.and.s32 %p1, %r2, 0x40000000, %p2; selp.b32 %r3, 1, 2, %p1;",
            x => (int)x is > 0 and < 0x40000000 ? 1u : 2),
        ["set"] = ("set.lt.u32.s32 %r3, %r2, 0;", x => (int)x < 0 ? uint.MaxValue : 0),
        ["slct"] = ("slct.b32.s32 %r3, 4, 5, %r2;", x => (int)x >= 0 ? 4u : 5),
        ["loops of unequal length"] = (
            """
            mov.u32 %r3, 0; and.b32 %r4, %r2, 15;
            L: setp.eq.u32 %p1, %r4, 0; @%p1 bra E; add.u32 %r3, %r3, %r4; sub.u32 %r4, %r4, 1; bra L; E:
            """,
            x => (x & 15) * ((x & 15) + 1) / 2),
        ["indexed branch"] = (
            """
            and.b32 %r4, %r2, 1; T: .branchtargets A, B; brx.idx %r4, T;
            A: mov.u32 %r3, 10; bra C; B: mov.u32 %r3, 20; C:
            """,
            x => (x & 1) == 0 ? 10u : 20),
        ["local memory"] = (
            ".local .align 4 .b8 l[8]; mov.u64 %rd6, l; st.local.u32 [%rd6+4], %r2; ld.local.u32 %r3, [%rd6+4];", x => x),
        ["generic local memory"] = (
            ".local .align 4 .b8 l[8]; mov.u64 %rd6, l; cvta.local.u64 %rd7, %rd6; st.u32 [%rd7+4], %r2; ld.local.u32 %r3, [%rd6+4];",
            x => x),
    };

    private static readonly Dictionary<string, (string Body, Func<uint, uint> Expected)> OnFloats = new()
    {
        ["add.f32"] = (OfFloat("add.f32 %f2, %f1, 0f3DCCCCCD;"), x => Bits(F32(x) + 0.1f)),
        ["sub.f32"] = (OfFloat("sub.f32 %f2, %f1, 0f3DCCCCCD;"), x => Bits(F32(x) - 0.1f)),
        ["mul.f32"] = (OfFloat("mul.f32 %f2, %f1, 0f3DCCCCCD;"), x => Bits(F32(x) * 0.1f)),
        ["div.rn.f32"] = (OfFloat("div.rn.f32 %f2, %f1, 0f3DCCCCCD;"), x => Bits(F32(x) / 0.1f)),
        ["fma.rn"] = (OfFloat("fma.rn.f32 %f2, %f1, %f1, 0fBF800000;"), x => Bits(MathF.FusedMultiplyAdd(F32(x), F32(x), -1))),
        ["mul.sat.f32"] = (OfFloat("mul.sat.f32 %f2, %f1, %f1;"), x => Bits(Math.Min(F32(x) * F32(x), 1))),
        ["min with NaN"] = (OfFloat("min.f32 %f2, %f1, 0f7FC00000;"), x => x),
        ["neg.f32"] = (OfFloat("neg.f32 %f2, %f1;"), x => x ^ 0x80000000),
        ["cvt.rni"] = ("cvt.rni.s32.f32 %r3, %f1;", x => (uint)(int)MathF.Round(F32(x), MidpointRounding.ToEven)),
        ["cvt.rzi clamps"] = ("mul.f32 %f2, %f1, 0f4F800000; cvt.rzi.s32.f32 %r3, %f2;", x => (uint)Saturate(F32(x) * 4294967296f)),
        ["cvt.f16 there and back"] = (
            OfFloat("cvt.rn.f16.f32 %h1, %f1; cvt.f32.f16 %f2, %h1;"), x => Bits((float)(Half)F32(x))),
        ["cvt.bf16x2"] = ("cvt.rn.bf16x2.f32 %r3, 0f3F800000, %f1;", x => 0x3F800000 | (x + 0x7FFF + (x >> 16 & 1)) >> 16),
        ["cvt.rna.tf32"] = ("cvt.rna.tf32.f32 %r3, %f1;", x => (x + 0x1000) & 0xFFFFE000),
        ["setp.ltu with NaN"] = ("setp.ltu.f32 %p1, %f1, 0f7FC00000; selp.b32 %r3, 1, 2, %p1;", _ => 1),
    };

    public static TheoryData<string> Names => [.. OnWords.Keys, .. OnFloats.Keys];

    public static TheoryData<string, string> Comparisons =>
    [
        .. from type in new[] { "s32", "u32" }
           from op in new[] { "eq", "ne", "lt", "le", "gt", "ge" }
           select new TheoryDataRow<string, string>(op, type),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_AllLanes_ComputesEach(string name)
    {
        (string body, uint[] input, Func<uint, uint> expected) = Find(name);

        Assert.Equal(input.Select(expected), Run(body, input));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_OddLanes_LeavesTheOthers(string name)
    {
        (string body, uint[] input, Func<uint, uint> expected) = Find(name);
        string onOddLanes = $"mov.u32 %r3, {Untouched}; and.b32 %r9, %r30, 1; setp.eq.u32 %p3, %r9, 0; @%p3 bra SKIP; {body} SKIP:";

        Assert.Equal(input.Select((x, lane) => lane % 2 == 0 ? Untouched : expected(x)), Run(onOddLanes, input));
    }

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void SetPredicate_Comparison_IsThatOfTheType(string op, string type)
    {
        uint[] edges = [0, 1, 2, 0x7FFFFFFF, 0x80000000, 0x80000001, uint.MaxValue];
        uint[] input = PtxBody.Threads(i => edges[i % edges.Length]);
        foreach (uint other in edges)
        {
            bool Expected(uint x)
            {
                int order = type == "s32" ? ((int)x).CompareTo((int)other) : x.CompareTo(other);
                return op switch
                {
                    "eq" => order == 0,
                    "ne" => order != 0,
                    "lt" => order < 0,
                    "le" => order <= 0,
                    "gt" => order > 0,
                    _ => order >= 0,
                };
            }

            uint[] output = Run($"setp.{op}.{type} %p1, %r2, {other}; selp.b32 %r3, 1, 0, %p1;", input);

            Assert.Equal(input.Select(x => Expected(x) ? 1u : 0), output);
        }
    }

    private static (string Body, uint[] Input, Func<uint, uint> Expected) Find(string name) =>
        OnWords.TryGetValue(name, out (string Body, Func<uint, uint> Expected) found)
            ? (found.Body, Words, found.Expected)
            : (OnFloats[name].Body, Floats, OnFloats[name].Expected);

    // The thread's index moves to %r30, so that %r1 is a zero in a register.
    private static uint[] Run(string body, uint[] input) => PtxBody.Run(
        $"mov.u32 %r30, %r1; mov.u32 %r1, 0; ld.global.u32 %r2, [%rd4]; mov.b32 %f1, %r2; {body} st.global.u32 [%rd5], %r3;", input).Output;

    private static string Wide(string body) => Narrow($"cvt.s64.s32 %rd6, %r2; {body}");

    private static string Narrow(string body) => $"{body} cvt.u32.u64 %r3, %rd6;";

    private static string OfFloat(string body) => $"{body} mov.b32 %r3, %f2;";

    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    private static float F32(uint bits) => BitConverter.UInt32BitsToSingle(bits);

    private static int Saturate(float value) => value >= 2147483648f ? int.MaxValue : value < -2147483648f ? int.MinValue : (int)value;
}

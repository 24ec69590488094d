using System;
using Engine.PtxInterpreter;
using Xunit;

namespace Engine.Tests;


/// <summary>What an assembler, a linker or a driver would refuse is refused when compiling.</summary>
public sealed class PtxRefusalTests
{
    private const string FloatTile = "{%f2,%f3,%f4,%f5}";

    public static TheoryData<string, string> Faults => new()
    {
        { "unknown register", "mov.u32 %r99, 1;" },
        { "unknown special register", "mov.u32 %r2, %tid.w;" },
        { "wrong width", "add.s32 %r2, %rd1, 1;" },
        { "integer as float", "add.f32 %f1, %f2, 1;" },
        {
            "integer registers as float",
            $"mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {{%r2,%r3,%r4,%r5}},{FloatTile},{{%f5,%f6}},{FloatTile};"
        },
        { "missing label", "bra NOWHERE;" },
        { "branch to a register list", "bra {%r1,%r2};" },
        { "label defined twice", "A: A: ret;" },
        { "variable defined twice", ".shared .b8 s[4]; .shared .b8 s[4];" },
        { "too much shared memory", ".shared .align 16 .b8 s[49168];" },
        { "fma without rounding", "fma.f32 %f1, %f2, %f3, %f4;" },
        { "cvt without rounding", "cvt.f16.f32 %h1, %f1;" },
        { "unknown instruction", "frobnicate.f32 %f1, %f2;" },
        { "modifiers out of order", "ld.v4.global.f32 {%f1,%f2,%f3,%f4}, [%rd1];" },
        { "unknown modifier", "add.quick.f32 %f1, %f2, %f3;" },
        { "integer product without half", "mul.s32 %r2, %r3, %r4;" },
        {
            "tensor layouts that do not exist",
            $"mma.sync.aligned.m16n8k8.col.row.f32.tf32.tf32.f32 {FloatTile},{{%r1,%r2,%r3,%r4}},{{%r5,%r6}},{FloatTile};"
        },
        { "too few elements", "ld.global.v4.f32 {%f1,%f2}, [%rd1];" },
        { "access to a variable of another space", ".shared .b8 s[4]; ld.global.u32 %r2, [s];" },
        { "negated ordinary source", "setp.eq.u32 %p1, %r1, 0; selp.u32 %r2, 1, 2, !%p1;" },
        { "rounding that is not computed", "add.rz.f32 %f1, %f2, %f3;" },
        { "call of an undefined function", "call.uni nothing;" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Compile_FaultyBody_IsRefused(string fault, string body) =>
        Assert.True(PtxBody.Compile(new PtxDevice(), body).Errors.Count > 0, fault);

    [Theory]
    [InlineData("cp.async.commit_group;")]
    [InlineData("tanh.approx.f32 %f1, %f2;")]
    public void Compile_InstructionNewerThanTarget_IsRefused(string body)
    {
        Assert.Empty(PtxBody.Compile(new PtxDevice(), body).Errors);
        Assert.NotEmpty(PtxBody.Compile(new PtxDevice(), body, "6.5", "sm_70").Errors);
    }

    [Fact]
    public void Compile_GoodBody_HasNoErrors() =>
        Assert.Empty(PtxBody.Compile(new PtxDevice(), "add.f32 %f1, %f2, 0f3F800000;").Errors);

    [Fact]
    public void Compile_SeveralFaults_ReportsEachWithItsLine()
    {
        CompiledKernel kernel = PtxBody.Compile(new PtxDevice(), "mov.u32 %r99, 1;\nmov.u32 %r98, 1;");

        Assert.Collection(
            kernel.Errors,
            error => Assert.Contains("line 9: %r99", error, StringComparison.Ordinal),
            error => Assert.Contains("line 10: %r98", error, StringComparison.Ordinal));
    }

    [Fact]
    public void Run_KernelWithErrors_Throws() =>
        Assert.Throws<PtxException>(() => PtxBody.Run("mov.u32 %r99, 1;", [0]));

    [Theory]
    [InlineData(".version 7.0 .target sm_80 .entry k() { mov.u32 %r1, 0x")]
    [InlineData(".version 7.0 .target sm_80 .entry k() { mov.u32 %r1, 1")]
    [InlineData(".version 7.0 .target sm_80 .entry k( { }")]
    [InlineData(".version x")]
    [InlineData(".entry k() { mov.f32 %f1, 0f12; }")]
    [InlineData(".entry k() { mov.f32 %f1, 0fZZZZZZZZ; }")]
    [InlineData(".shared .b8 s[]; .entry k() { }")]
    [InlineData("{")]
    public void Parse_BrokenText_Throws(string text) => Assert.Throws<PtxException>(() => PtxModule.Parse(text));
}

namespace Trapline.Messages;

/// <summary>
/// What a message asks or tells. The words of each kind are written down here and nowhere else; words that a kind
/// does not name are zero. Numbers are part of the wire format.
/// </summary>
public enum MessageKind : ushort
{
    None = 0,

    /// <summary>To oneself: a timer ran out. Word0: the timer's number within its actor.</summary>
    Timer = 1,

    /// <summary>Boundary to vCPU, post: KVM_RUN. A vCPU that was created begins at the program's entry, unless its registers were set; one that was stopped goes on.</summary>
    Run = 2,

    /// <summary>vCPU to a device on the IOCSR bus, call within the group. Word0: address; Word1: width in bytes, and from the VMM on whose behalf, as <c>RegisterAccess</c> packs them; Word3: start of the instruction, ps.</summary>
    IocsrRead = 16,

    /// <summary>As <see cref="IocsrRead"/>, with Word2: the whole source register, whatever the width (real KVM hands all 64 bits to the device).</summary>
    IocsrWrite = 17,

    /// <summary>vCPU to whoever serves memory-mapped registers: words as in <see cref="IocsrRead"/>.</summary>
    MmioRead = 19,

    /// <summary>Words as in <see cref="IocsrWrite"/>.</summary>
    MmioWrite = 20,

    /// <summary>Device to vCPU: the access is done. Word0: the value read; Word1: cost to wait out beyond the access's own, ps; Word2: exit reason; Word3: what became of it in bits 7:0, an <c>AccessOutcome</c>: done, left to user space, a fault; above it a <c>CostBill</c> of Word1.</summary>
    AccessAnswer = 18,

    /// <summary>vCPU to user space, post, before <see cref="UserHypercall"/>: the first arguments. Word0 to Word3: a0 to a3.</summary>
    UserHypercallArguments = 21,

    /// <summary>vCPU to user space, call: KVM_EXIT_HYPERCALL. Word0: the code; Word1, Word2: a4, a5; Word3: start of the instruction, ps. Answered by <see cref="AccessAnswer"/>, whose Word0 is for a0: -1 where user space writes nothing.</summary>
    UserHypercall = 22,

    /// <summary>vCPU to user space, call: KVM_EXIT_DEBUG. Word0: program counter, which stays; Word3: start of the instruction, ps. Answered by <see cref="AccessAnswer"/>, whose value is for nothing.</summary>
    DebugStop = 23,

    /// <summary>vCPU to user space, call: KVM_EXIT_SYSTEM_EVENT. Word0: what happened, 3 for KVM_SYSTEM_EVENT_CRASH; Word3: start of the instruction, ps. Answered as <see cref="DebugStop"/>.</summary>
    SystemEvent = 24,

    /// <summary>IPI unit to the target's IPI unit, call: a write to a SEND register is carried to the CPU that it names. Word0: the register; Word1: what was written; Word2: when the sending instruction started, ps; Word3: when this message left, ps.</summary>
    IpiSend = 32,

    /// <summary>Answer to it. Word0: cost of the kick, ps, 0 if no line rose; Word1 and Word2: a further SEND register and value that the caller has to carry on, where Word1 is not 0; Word3: an <c>AccessOutcome</c> in bits 7:0, above it a <c>CostBill</c> of Word0.</summary>
    IpiAnswer = 33,

    /// <summary>IPI unit to EIOINTC, call: ANY_SEND names one of its registers. Word0: address in bits 31:0, bytes to keep in 35:32, the vCPU whose registers they are in 63:48; Word1: the new bytes; Word2: when the sending instruction started, ps. Answered by <see cref="IpiAnswer"/>.</summary>
    AnySend = 34,

    /// <summary>Device to vCPU, or vCPU that executes a hypercall to another, call: an interrupt line rises or falls. Word0: line; Word1: level in bit 0, class of the source in bits 15:8; Word2: origin of the raise, ps (start of the sender's instruction, expiry of its timer); Word3: when the kick started, ps.</summary>
    LineChange = 48,

    /// <summary>vCPU to who changed the line. Word0: cost of the kick, ps; Word1: which kick, a <c>CostBill</c>.</summary>
    LineAnswer = 49,

    /// <summary>Device or controller to a controller, call: an input is driven. Word0: the pin, of EIOINTC the vector; Word1 and Word2 as in <see cref="LineChange"/>.</summary>
    PinInput = 50,

    /// <summary>Device to the doorbell, call: KVM_SIGNAL_MSI. Word0: data; Word1 and Word2 as in <see cref="LineChange"/>; Word3: address. To a GIC also in Word0 63:32 the device id, in Word1 63:32 the flags of KVM_SIGNAL_MSI.</summary>
    MessageSignal = 51,

    /// <summary>Controller to who drove its input or sent the message. Word0: cost, ps: waiting for locks, kicks; Word1: what of it has a name, a <c>CostBill</c>; Word2: of a GIC, 0 or a negative errno, to a message also 1 where it was delivered.</summary>
    InputAnswer = 52,

    /// <summary>vCPU to the home of a page, call. Word0: address; Word1: operation and width; Word2: operand; Word3: comparand.</summary>
    MemoryAccess = 64,

    /// <summary>Home to vCPU. Word0: value read, or the old one.</summary>
    MemoryAnswer = 65,

    /// <summary>vCPU to home, post: tell me once when this changes. Word0: address; Word1: width, as its power of two; Word2: the value that is not news; Word3: the subscriber's own number for it.</summary>
    MemoryWatch = 66,

    /// <summary>Home to vCPU, post: the watched value changed. Word0: the subscriber's number.</summary>
    MemoryChanged = 67,

    /// <summary>Owner of a VM-wide table to every copy. Word0: table, in bit 32 whether this is the last message of its version, to be acknowledged; Word1: first index; Word2: four values of 16 bits, all ones where a row does not change, or of a table of one row its value; Word3: version.</summary>
    Publish = 80,

    /// <summary>Copy to owner: taken over. Word0: table; Word3: version.</summary>
    PublishAnswer = 81,

    /// <summary>To the boundary, call: give a vCPU its physical CPU id. Word0: vCPU; Word1: id.</summary>
    AssignCpuId = 96,

    /// <summary>Boundary's answer. Word0: 0 or a negative errno.</summary>
    AssignCpuIdAnswer = 97,

    /// <summary>A thread of a device in user space, one of its timers, to the VMM: wants the big lock.</summary>
    LockRequest = 98,

    /// <summary>VMM to device: it holds the big lock now.</summary>
    LockGrant = 99,

    /// <summary>Device to VMM: gives it back. Word0: when it is free, ps; Word1: 1 if the device did nothing under it.</summary>
    LockRelease = 100,

    /// <summary>VMM to the boundary, or to a vCPU's half of it, call. Word0: a <c>KvmIoctl</c> in bits 15:0, of which device's file in 31:16, a group or flags in 63:32; Word1 to Word3: its arguments, as <c>IoctlMessage</c> names them.</summary>
    Ioctl = 104,

    /// <summary>Word0: 0 or a negative errno; Word1: what the call writes back; Word2: cost beyond that of the call itself, ps.</summary>
    IoctlAnswer = 105,

    /// <summary>VMM to the boundary, post, before KVM_SET_GSI_ROUTING: an entry of the table that its pointer leads to. Word0: GSI, and type in 63:32; Word1: irqchip, and pin or data in 63:32; Word2: flags, and DeviceID in 63:32; Word3: address.</summary>
    RoutingEntry = 106,

    /// <summary>Boundary to a controller in the kernel, call. Word0: 1 to set, 0 to get, of which device in 31:16 where an actor carries several, as in <see cref="Ioctl"/>, and the group in 63:32; Word1: attribute; Word2: value; Word3: bytes that the user pointer holds.</summary>
    DeviceAttribute = 107,

    /// <summary>Words as in <see cref="IoctlAnswer"/>.</summary>
    DeviceAttributeAnswer = 108,

    /// <summary>Boundary to a controller or vCPU, and VMM to its own devices. Word0: 1 it is created, 0 it is destroyed with its VM, or with the VMM's process. The creation of a vCPU in a VM that runs is a call, answered by <see cref="LifeAnswer"/>; all else are posts.</summary>
    /// <remarks>Word1: 1 where an answer is wanted; Word2: of a vCPU that is created, when its VM was, ps, where a VM may leave its host.</remarks>
    Life = 109,

    /// <summary>To an eventfd, call: a write. Word0: what is added; Word1 and Word2 as in <see cref="LineChange"/>. Answered by <see cref="InputAnswer"/>.</summary>
    EventfdWrite = 110,

    /// <summary>Boundary to an eventfd, call: KVM_IRQFD. Word0: 1 assigned, 2 where its GSI leads has changed, 0 taken away; Word1: type of the route, and DeviceID in 63:32; Word2: pin or data, and flags in 63:32; Word3: address. Answered by <see cref="InputAnswer"/>.</summary>
    EventfdRoute = 111,

    /// <summary>Eventfd to the VMM that polls it, post: its counter is not 0 any more.</summary>
    EventfdReady = 112,

    /// <summary>VMM to an eventfd, call: reads it.</summary>
    EventfdRead = 113,

    /// <summary>Word0: the count, 0 from now on; Word1 and Word2: of its first write, as in <see cref="LineChange"/>.</summary>
    EventfdCount = 114,

    /// <summary>A device that signals by eventfds to the VMM, call: an entry of its MSI-X table has another message. Word0: queue; Word1: data, and DeviceID in 63:32; Word2: address; Word3: 1 if the entry is in use. Answered by <see cref="InputAnswer"/>.</summary>
    MessageRoute = 115,

    /// <summary>vCPU to boundary: its file can be used.</summary>
    LifeAnswer = 116,

    /// <summary>Boundary to a vCPU that has not run yet, post: user space has given it its physical CPU id. Word0: the id.</summary>
    PhysicalId = 117,

    /// <summary>Boundary to a vCPU that has not run yet, post: user space has set the VM's paravirtual features. Word0: the word.</summary>
    ParavirtFeatures = 118,

    /// <summary>VMM to a vCPU, post: a signal to its thread, KVM_RUN returns at the next instruction boundary and is not called again. Answered by <see cref="RunStopped"/>.</summary>
    StopRun = 119,

    /// <summary>vCPU to VMM, post: it is out of KVM_RUN, and no call of it is open. Word0: 1 if it ran, 0 if it had not been started or had come to its end.</summary>
    RunStopped = 120,

    /// <summary>VMM to a home of pages, post. Word0: 0 ends the logging of dirty pages, 1 begins it with every touched page dirty, 2 sends what is dirty to Word1 and cleans it, 3 counts what is dirty, 4 forgets all pages. Word1: the home that gets them. Answered by <see cref="DirtyPages"/>.</summary>
    DirtyLog = 121,

    /// <summary>Home to VMM, post. Word0: pages that were dirty and hold something; Word1: those that are all zero; Word2: as Word0 of what is answered.</summary>
    DirtyPages = 122,

    /// <summary>Home to the same home on another host, post. Word0: address of the first of three 8-byte words, with bit 0 set where a page begins, which is then zero but for what follows; Word1 to Word3: the words.</summary>
    PageWords = 123,

    /// <summary>VMM to a device or eventfd, post. Word0: 1 it is to come to rest: its timers stop, with what is left of them kept; 0 it goes on. To come to rest is answered by <see cref="AtRest"/>, to go on by nothing.</summary>
    Rest = 124,

    /// <summary>Device or eventfd to VMM, post: no request waits there, no call is open, no timer runs.</summary>
    AtRest = 125,

    /// <summary>VMM to a device at rest, post: wants its rows. Answered by <see cref="SectionRows"/>.</summary>
    SectionGet = 126,

    /// <summary>Rows of a device, in either direction, post. Word0: number of the first row in bits 31:0, how many rows are meant in 39:32, in bit 63 whether they are the last; Word1 to Word3: the rows.</summary>
    SectionRows = 127,

    /// <summary>Device to VMM, post, after the last of <see cref="SectionRows"/> that it got: Word0: 0, or -EINVAL where they do not fit, and then nothing has changed.</summary>
    SectionLoaded = 128,

    /// <summary>A person to the VMM that runs the VM, post: migrate it now, as the last of the planned migrations says, or by default. Word0: 1 to cancel the one that goes on.</summary>
    Migrate = 129,

    /// <summary>VMM to the other host's, post: make an empty VM for what will come. Word0: number of the plan; Word1: how many migrations have begun here; Word2: the plan that comes after it.</summary>
    Incoming = 130,

    /// <summary>Its answer, post. Word0: 0 or a negative errno.</summary>
    IncomingReady = 131,

    /// <summary>VMM to the other host's, post: values of one group of state. Word0: number of the first in bits 31:0, which section in 47:32, how many values are meant in 55:48, the <c>StateGroup</c> in 63:56; Word1 to Word3: the values.</summary>
    StateValues = 132,

    /// <summary>VMM to the other host's, post: that was all. Word0: how many values.</summary>
    StateEnd = 133,

    /// <summary>Its answer, post. Word0: 0 or a negative errno; Word1: the <c>StateGroup</c> that was refused.</summary>
    StateLoaded = 134,

    /// <summary>VMM to the other host's, post: the disk image is free, take it and run the guest.</summary>
    Handover = 135,

    /// <summary>Its answer, post: the guest runs there. Word0: 1, or 0 where the image was not to be had.</summary>
    HandoverDone = 136,

    /// <summary>VMM to the other host's, post: the connection is closed, by its owner or its death; nothing more will come of this migration.</summary>
    LinkClosed = 137,

    /// <summary>VMM to the other host's, a planned fault on its way: its process dies here.</summary>
    Kill = 138,

    /// <summary>VMM to the VM's disk image, post. Word0: 1 takes its lock, 0 lets go. Answered by <see cref="ImageAnswer"/>.</summary>
    ImageLock = 139,

    /// <summary>Disk image to VMM, post. Word0: 0, or -EBUSY where the other host holds the lock; Word1: as Word0 of what is answered.</summary>
    ImageAnswer = 140,

    /// <summary>VMM to everything that has registers, post, around a migration: whoever watches over the invariants may look at them now. Word0: 0 at the source, after the stop; 1 at the destination, before the guest runs; Word1: the source's host; Word2: how many migrations had begun there. Changes nothing.</summary>
    Inspect = 141,

    /// <summary>Doorbell device to the one of another VM, or to itself, post: a write to the eventfd of one of its vectors. Word0: the vector; Word1 and Word2 as in <see cref="LineChange"/>.</summary>
    DoorbellRing = 142,

    /// <summary>ARM: GIC on the board to the vCPU that an SPI or LPI goes to, call: it owns the interrupt from now on, or is told what is new of one that it owns. Word0: a <c>Handover</c>, packed; Word1: class of the source in bits 15:8, and 1 in bit 0; Word2: origin, ps; Word3: when the kick started, ps. Answered by <see cref="LineAnswer"/>.</summary>
    InterruptHand = 160,

    /// <summary>ARM: GIC on the board to a vCPU, call: it wants interrupts back. Word0: the first INTID in bits 31:0, a multiple of 32, and which of the 32 in 63:32; Word3: when the kick started, ps.</summary>
    InterruptRecall = 161,

    /// <summary>Its answer. Word0: cost of the kick, ps, 0 where the vCPU was not in the guest; Word1: a <c>CostBill</c> of it; Word2: those that the vCPU had in bits 31:0, those whose latch is set in 63:32; Word3: those that are active.</summary>
    InterruptRecalled = 162,

    /// <summary>ARM: vCPU to the GIC, post: it lets go of an SPI or LPI, which is neither pending nor active there. Word0: INTID in bits 15:0, sequence of its last hand-over in 63:32.</summary>
    InterruptRelease = 163,

    /// <summary>ARM: vCPU to the GIC, post: an SPI that the vCPU does not have is deactivated there. Word0: INTID in bits 15:0; Word1: a <c>Deactivation</c>, packed.</summary>
    InterruptDeactivate = 164,

    /// <summary>ARM: vCPU to the GIC, post: a level-triggered SPI was deactivated, for who listens with a resample eventfd. Word0: INTID.</summary>
    InterruptEnded = 165,

    /// <summary>ARM: vCPU that writes an SGI register to another, call. Word0: INTID in bits 3:0, in 15:8 which register was written, an <c>SgiKind</c>; Word1 to Word3 as in <see cref="LineChange"/>. Answered by <see cref="LineAnswer"/>.</summary>
    SgiSignal = 166,

    /// <summary>ARM: vCPU that executes a PSCI call to the one that it names, call: CPU_ON. Word0: entry point; Word1: context id; Word2: start of the caller's instruction, ps; Word3: when this message left, ps. Answered by <see cref="PsciAnswer"/>.</summary>
    PsciCpuOn = 167,

    /// <summary>ARM: as <see cref="PsciCpuOn"/>, AFFINITY_INFO. Word2, Word3 as there.</summary>
    PsciAffinityInfo = 168,

    /// <summary>The named vCPU's answer. Word0: the result, as the caller's x0 gets it; Word1: cost of waking it, ps; Word2: a <c>CostBill</c> of it.</summary>
    PsciAnswer = 169,

    /// <summary>ARM: boundary to a vCPU that has not run yet, post: KVM_ARM_VCPU_INIT. Word0: the features, as bits.</summary>
    VcpuFeatures = 170,

    /// <summary>ARM: vCPU to the boundary, post: KVM_RUN has returned.</summary>
    RunLeft = 171,

    /// <summary>ARM: GIC on the board to all vCPUs but the one that makes the access, together: they leave the guest before the active state of SPIs is shown or changed. Word3: when the kick started, ps.</summary>
    GuestHalt = 172,

    /// <summary>Its answer. Word0: cost of the kick, ps, 0 where the vCPU was not in the guest; Word1: a <c>CostBill</c> of it.</summary>
    GuestHalted = 173,

    /// <summary>Kinds from here on belong to synthetic loads and tests.</summary>
    Synthetic = 0x8000,
}
